/** What a room found, on the map: cells by class, an area that stands out, posts and ways to them. */

import type { FeatureCollection } from 'geojson'
import type { LayerSpecification, SourceSpecification } from 'maplibre-gl'

export const FINDINGS = 'findings'

const INK = '#1f262b'
const POST = '#b5179e'

export function findingsSource(found: FeatureCollection): Record<string, SourceSpecification> {
  return { [FINDINGS]: { type: 'geojson', data: found } }
}

/**
 * Cells, lines and points in the colours of the answer's own legend. They lie on the ground: names
 * and points of interest stay readable above them.
 */
export function cellLayers(): LayerSpecification[] {
  const colour = ['get', 'colour']
  const isQuiet = ['==', ['get', 'quiet'], true]
  return [
    {
      id: 'findings-cells', source: FINDINGS, type: 'fill', filter: only('cell'),
      paint: {
        'fill-color': colour,
        'fill-opacity': ['case', isQuiet, 0.35, 0.72],
        'fill-outline-color': 'rgba(31, 38, 43, 0.25)',
      },
    },
    {
      id: 'findings-stretches', source: FINDINGS, type: 'line', filter: only('stretch'),
      layout: { 'line-cap': 'round' },
      paint: {
        'line-color': colour,
        'line-opacity': ['case', isQuiet, 0.3, 0.9],
        'line-width': ['interpolate', ['linear'], ['zoom'], 12, 2, 17, 8],
      },
    },
  ] as unknown as LayerSpecification[]
}

/** Outlines, ways and posts, above everything; each feature has its kind in `finds`. */
export function findingsLayers(): LayerSpecification[] {
  return [
    {
      id: 'findings-dots', source: FINDINGS, type: 'circle', filter: only('dot'),
      layout: { 'circle-sort-key': ['case', ['==', ['get', 'quiet'], true], 0, 1] },
      paint: {
        'circle-radius': ['interpolate', ['linear'], ['zoom'], 12, 2, 17, 6],
        'circle-color': ['get', 'colour'],
        'circle-opacity': ['case', ['==', ['get', 'quiet'], true], 0.45, 0.9],
        'circle-stroke-color': '#ffffff',
        'circle-stroke-width': ['case', ['==', ['get', 'quiet'], true], 0, 0.8],
      },
    },
    {
      id: 'findings-walks', source: FINDINGS, type: 'line', filter: only('walk'),
      layout: { 'line-cap': 'round' },
      paint: { 'line-color': POST, 'line-width': 1.8, 'line-opacity': 0.8 },
    },
    {
      id: 'findings-casing', source: FINDINGS, type: 'line', filter: only('outline'),
      layout: { 'line-join': 'round' }, paint: { 'line-color': '#ffffff', 'line-width': 6 },
    },
    {
      id: 'findings-outline', source: FINDINGS, type: 'line', filter: only('outline'),
      layout: { 'line-join': 'round' }, paint: { 'line-color': INK, 'line-width': 2.5 },
    },
    {
      id: 'findings-posts', source: FINDINGS, type: 'circle', filter: only('post'),
      paint: {
        'circle-radius': ['case', ['get', 'open'], 9, 5],
        'circle-color': ['case', ['get', 'open'], '#ffffff', POST],
        'circle-stroke-color': ['case', ['get', 'open'], POST, '#ffffff'],
        'circle-stroke-width': ['case', ['get', 'open'], 3, 1.5],
      },
    },
  ] as unknown as LayerSpecification[]
}

function only(finds: string): unknown {
  return ['==', ['get', 'finds'], finds]
}
