/** The overview: the places as markers, and where there is no base map a sketch to find them by. */

import type { FeatureCollection } from 'geojson'
import type {
  ExpressionSpecification,
  LayerSpecification,
  SourceSpecification,
} from 'maplibre-gl'

import type { Place } from '../api/nouns'
import { middleOf } from '../geometry/bounds'
import type { Language } from '../state/view'

import type { Look } from './look'
import { ORIENTATION } from './orientation'

export const PLACES = 'places'
/** From here on a place is more than a marker. */
export const CLOSE = 10.5
const FONT = ['Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', 'Noto Sans']
const BOLD = ['Noto Sans CJK SC Bold', ...FONT]

export function overviewSources(look: Look, blank: boolean): Record<string, SourceSpecification> {
  return {
    [PLACES]: { type: 'geojson', data: placePoints(look.places) },
    ...(blank ? { orientation: { type: 'geojson' as const, data: ORIENTATION } } : {}),
  }
}

export function overviewLayers(language: Language, blank: boolean): LayerSpecification[] {
  return [...(blank ? sketch(language) : []), ...markers(language)]
}

function placePoints(places: readonly Place[]): FeatureCollection {
  return {
    type: 'FeatureCollection',
    features: places.flatMap(({ key, name, name_en, bbox }) =>
      bbox
        ? [{
            type: 'Feature' as const,
            properties: { key, name, name_en: name_en ?? name },
            geometry: { type: 'Point' as const, coordinates: middleOf(bbox) },
          }]
        : [],
    ),
  }
}

function nameIn(language: Language): ExpressionSpecification {
  return ['get', language === 'zh' ? 'name' : 'name_en']
}

function sketch(language: Language): LayerSpecification[] {
  const of = (kind: string) => ['==', ['get', 'kind'], kind]
  const common = { source: 'orientation', maxzoom: 8 }
  const muted = '#8b949b'
  return [
    {
      ...common, id: 'orientation-graticule', type: 'line', filter: of('graticule'),
      paint: { 'line-color': '#e3e2db', 'line-width': 1 },
    },
    {
      ...common, id: 'orientation-river', type: 'line', filter: of('river'),
      layout: { 'line-cap': 'round', 'line-join': 'round' },
      paint: {
        'line-color': '#c3d9e5',
        'line-width': ['interpolate', ['linear'], ['zoom'], 3, 1.4, 7, 4],
      },
    },
    {
      ...common, id: 'orientation-river-name', type: 'symbol', filter: of('river'),
      layout: {
        'symbol-placement': 'line', 'text-field': nameIn(language), 'text-font': FONT,
        'text-size': 12, 'text-letter-spacing': 0.35, 'symbol-spacing': 600,
      },
      paint: { 'text-color': '#5d8aa6', 'text-halo-color': '#f4f3ee', 'text-halo-width': 2 },
    },
    {
      ...common, id: 'orientation-graticule-name', type: 'symbol', filter: of('graticule'),
      layout: {
        'symbol-placement': 'line', 'text-field': ['get', 'name'], 'text-font': FONT,
        'text-size': 10, 'symbol-spacing': 900,
      },
      paint: { 'text-color': '#a9aba4', 'text-halo-color': '#f4f3ee', 'text-halo-width': 2 },
    },
    {
      ...common, id: 'orientation-city', type: 'circle', filter: of('city'),
      paint: { 'circle-radius': 2.2, 'circle-color': muted },
    },
    {
      ...common, id: 'orientation-city-name', type: 'symbol', filter: of('city'),
      layout: {
        'text-field': nameIn(language), 'text-font': FONT, 'text-size': 12,
        'text-variable-anchor': ['left', 'right', 'top', 'bottom'], 'text-radial-offset': 0.5,
      },
      paint: { 'text-color': '#6d767d', 'text-halo-color': '#f4f3ee', 'text-halo-width': 1.5 },
    },
  ] as LayerSpecification[]
}

function markers(language: Language): LayerSpecification[] {
  const common = { source: PLACES, maxzoom: CLOSE }
  return [
    {
      ...common, id: 'places-halo', type: 'circle',
      paint: { 'circle-radius': 15, 'circle-color': '#0b6670', 'circle-opacity': 0.14 },
    },
    {
      ...common, id: PLACES, type: 'circle',
      paint: {
        'circle-radius': ['case', ['boolean', ['feature-state', 'hover'], false], 9, 7],
        'circle-color': '#0b6670', 'circle-stroke-color': '#ffffff', 'circle-stroke-width': 2.5,
      },
    },
    {
      ...common, id: 'places-name', type: 'symbol',
      layout: {
        'text-field': nameIn(language), 'text-font': BOLD,
        'text-size': ['interpolate', ['linear'], ['zoom'], 3.3, 12.5, 4.5, 15],
        'text-variable-anchor': ['left', 'top', 'bottom', 'right'], 'text-radial-offset': 1.1,
        'text-justify': 'auto', 'text-max-width': 8, 'text-padding': 4,
      },
      paint: { 'text-color': '#16343a', 'text-halo-color': '#ffffff', 'text-halo-width': 2.2 },
    },
  ] as LayerSpecification[]
}
