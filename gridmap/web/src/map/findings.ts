/** What a room found, on the map: cells by class, an area that stands out, posts and ways to them. */

import type { FeatureCollection } from 'geojson'
import type { LayerSpecification, SourceSpecification } from 'maplibre-gl'

export const FINDINGS = 'findings'

/** ColorBrewer RdBu: hot is red, cold is blue, and what is like chance is nearly nothing. */
export const CLASS_COLOURS: Readonly<Record<string, string>> = {
  '3': '#b2182b',
  '2': '#ef8a62',
  '1': '#fddbc7',
  '0': '#f7f7f7',
  '-1': '#d1e5f0',
  '-2': '#67a9cf',
  '-3': '#2166ac',
}
const INK = '#1f262b'
const POST = '#b5179e'

export function findingsSource(found: FeatureCollection): Record<string, SourceSpecification> {
  return { [FINDINGS]: { type: 'geojson', data: found } }
}

/** The cells lie on the ground: names, points and lines stay readable above them. */
export function cellLayers(): LayerSpecification[] {
  const colours = Object.entries(CLASS_COLOURS).flatMap(([kind, colour]) => [Number(kind), colour])
  return [
    {
      id: 'findings-cells', source: FINDINGS, type: 'fill', filter: only('cell'),
      paint: {
        'fill-color': ['match', ['get', 'class'], ...colours, '#f7f7f7'],
        'fill-opacity': ['match', ['get', 'class'], 0, 0.35, 0.72],
        'fill-outline-color': 'rgba(31, 38, 43, 0.25)',
      },
    },
  ] as unknown as LayerSpecification[]
}

/** Outlines, ways and posts, above everything; each feature has its kind in `finds`. */
export function findingsLayers(): LayerSpecification[] {
  return [
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
