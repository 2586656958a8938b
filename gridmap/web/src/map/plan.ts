/** An open plan on the map: its grids, the preview of an edit, what is wrong where, the drawn line. */

import type { Feature, FeatureCollection } from 'geojson'
import type {
  FilterSpecification,
  LayerSpecification,
  SourceSpecification,
  StyleSpecification,
} from 'maplibre-gl'

import type { Spot } from '../api/plans'
import type { Classes } from '../geometry/classes'

export const PLAN = 'plan'
export const SKETCH = 'plan-sketch'
const PREVIEW = 'plan-preview'
const PLACES = 'plan-places'
const OFFERS = 'plan-offers'
/** Far from the greens and purples of the map, and to be told apart by those who see no red. */
const DRAWN = '#b5179e'
const ALARM = '#9c2f1f'
const OFFERED = '#0b6670'

/** What of an open plan is drawn. */
export interface PlanLook {
  /** Grids of every level, with their figures. */
  readonly areas: FeatureCollection
  /** Classes of the `figure` of each grid, for its colour. */
  readonly classes: Classes | null
  /** The changed grids as they would be. */
  readonly preview: FeatureCollection
  /** What the tool in hand offers to be pressed. */
  readonly offers: FeatureCollection
  /** Points where something is wrong, each with its `text`; the one that is looked at is `chosen`. */
  readonly places: FeatureCollection
}

export function planSources(plan: PlanLook): Record<string, SourceSpecification> {
  return {
    [PLAN]: { type: 'geojson', data: plan.areas },
    [PREVIEW]: { type: 'geojson', data: plan.preview },
    [PLACES]: { type: 'geojson', data: plan.places },
    [OFFERS]: { type: 'geojson', data: plan.offers },
  }
}

/** Grids of the chosen level, or of those above it; the source holds one plan. */
export function ofPlan(shows: string, level: number | null): FilterSpecification {
  return [shows === 'above' ? '<' : '==', ['get', 'level'], level ?? 0] as FilterSpecification
}

export function planLayers(): LayerSpecification[] {
  return [
    {
      id: 'plan-offers-fill', source: OFFERS, type: 'fill',
      paint: { 'fill-color': OFFERED, 'fill-opacity': 0.12 },
    },
    {
      id: 'plan-offers-line', source: OFFERS, type: 'line', layout: { 'line-join': 'round' },
      paint: { 'line-color': OFFERED, 'line-width': 1.6 },
    },
    {
      id: 'plan-preview-fill', source: PREVIEW, type: 'fill',
      paint: { 'fill-color': DRAWN, 'fill-opacity': 0.05 },
    },
    {
      id: 'plan-preview-casing', source: PREVIEW, type: 'line', layout: { 'line-join': 'round' },
      paint: { 'line-color': '#ffffff', 'line-width': 5 },
    },
    {
      id: 'plan-preview-line', source: PREVIEW, type: 'line', layout: { 'line-join': 'round' },
      paint: { 'line-color': DRAWN, 'line-width': 2.5, 'line-dasharray': [3, 1.5] },
    },
  ] as unknown as LayerSpecification[]
}

/** The drawn line and what is wrong stand above everything else. */
export function withSketch(style: StyleSpecification, sketch: FeatureCollection): StyleSpecification {
  const layers = [...style.layers, ...sketchLayers()]
  return {
    ...style,
    sources: { ...style.sources, [SKETCH]: { type: 'geojson', data: sketch } },
    layers: style.sources[PLACES] ? [...layers, ...placeLayers()] : layers,
  }
}

function sketchLayers(): LayerSpecification[] {
  const points = ['==', ['geometry-type'], 'Point'] as const
  const lines = ['==', ['geometry-type'], 'LineString'] as const
  return [
    {
      id: 'plan-sketch-area', source: SKETCH, type: 'fill', filter: ['==', ['geometry-type'], 'Polygon'],
      paint: { 'fill-color': DRAWN, 'fill-opacity': 0.1 },
    },
    {
      id: 'plan-sketch-rim', source: SKETCH, type: 'line', filter: ['==', ['geometry-type'], 'Polygon'],
      layout: { 'line-join': 'round' }, paint: { 'line-color': DRAWN, 'line-width': 2 },
    },
    {
      id: 'plan-sketch-casing', source: SKETCH, type: 'line', filter: [...lines],
      layout: { 'line-join': 'round', 'line-cap': 'round' },
      paint: { 'line-color': '#ffffff', 'line-width': 6 },
    },
    {
      id: 'plan-sketch-line', source: SKETCH, type: 'line', filter: [...lines],
      layout: { 'line-join': 'round', 'line-cap': 'round' },
      paint: {
        'line-color': ['match', ['get', 'part'], 'old', '#5b6167', DRAWN],
        'line-width': ['match', ['get', 'part'], 'old', 1.5, 'held', 4.5, 3],
      },
    },
    {
      id: 'plan-sketch-points', source: SKETCH, type: 'circle', filter: [...points],
      paint: {
        'circle-radius': 5, 'circle-color': '#ffffff',
        'circle-stroke-color': DRAWN, 'circle-stroke-width': 2.5,
      },
    },
  ] as unknown as LayerSpecification[]
}

/** The one that is looked at. */
const CHOSEN = ['==', ['get', 'chosen'], true]

function placeLayers(): LayerSpecification[] {
  return [
    {
      id: 'plan-places', source: PLACES, type: 'circle',
      paint: {
        'circle-radius': ['case', CHOSEN, 15, 7], 'circle-color': ALARM, 'circle-opacity': 0.25,
        'circle-stroke-color': ALARM, 'circle-stroke-width': ['case', CHOSEN, 4, 2.5],
      },
    },
    {
      id: 'plan-places-text', source: PLACES, type: 'symbol',
      layout: {
        'text-field': ['get', 'text'], 'text-size': 14, 'text-font': ['Noto Sans CJK SC Bold', 'PingFang SC', 'Microsoft YaHei', 'Noto Sans'],
        'text-variable-anchor': ['top', 'bottom', 'left', 'right'], 'text-radial-offset': 1.3,
        'text-max-width': 14, 'text-allow-overlap': true,
      },
      paint: { 'text-color': ALARM, 'text-halo-color': '#ffffff', 'text-halo-width': 2.5 },
    },
  ] as unknown as LayerSpecification[]
}

/** A line or ring under way, with its corners. */
export function sketchOf(points: readonly Spot[], closed: boolean): FeatureCollection {
  const corners = points.map((point): Feature => feature({ type: 'Point', coordinates: [...point] }))
  const path = points.map((point) => [...point])
  if (closed && path.length > 2) path.push(path[0]!)
  const line = path.length > 1 ? [feature({ type: 'LineString', coordinates: path })] : []
  return { type: 'FeatureCollection', features: [...line, ...corners] }
}

function feature(geometry: Feature['geometry']): Feature {
  return { type: 'Feature', properties: {}, geometry }
}
