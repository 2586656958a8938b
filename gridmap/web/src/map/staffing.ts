/** What the staff room draws: load on areas, ways with arrows, compact areas with their numbers. */

import type { LayerSpecification } from 'maplibre-gl'

import { FINDINGS } from './findings'

/** ColorBrewer YlOrRd, light to dark: little to much. */
export const LOAD_COLOURS: readonly string[] = ['#fff3b8', '#fecc5c', '#fd8d3c', '#d7301f']
/** Paul Tol's bright scheme: told apart by everybody, and beside each other in any order. */
export const AREA_COLOURS: readonly string[] = [
  '#4477aa', '#ee6677', '#228833', '#ccbb44', '#66ccee', '#aa3377', '#bbbbbb',
]
const POST = '#b5179e'
const INK = '#1f262b'
const FONT = ['Noto Sans CJK SC Bold', 'PingFang SC', 'Microsoft YaHei', 'Noto Sans']

/** What lies on the ground: names and lines stay readable above it. */
export function loadLayers(): LayerSpecification[] {
  return [
    {
      id: 'staff-loads', source: FINDINGS, type: 'fill', filter: only('load'),
      paint: {
        'fill-color': ['get', 'colour'], 'fill-opacity': 0.7,
        'fill-outline-color': 'rgba(31, 38, 43, 0.35)',
      },
    },
    {
      id: 'staff-areas', source: FINDINGS, type: 'fill', filter: only('area'),
      paint: { 'fill-color': ['get', 'colour'], 'fill-opacity': ['case', ['has', 'strong'], 0.55, 0.28] },
    },
    {
      id: 'staff-areas-line', source: FINDINGS, type: 'line', filter: only('area'),
      layout: { 'line-join': 'round' }, paint: { 'line-color': INK, 'line-width': 2 },
    },
  ] as unknown as LayerSpecification[]
}

/** Ways from → to, holders and numbers, above everything. */
export function staffLayers(): LayerSpecification[] {
  return [
    {
      id: 'staff-ways-casing', source: FINDINGS, type: 'line', filter: only('way'),
      layout: { 'line-cap': 'round' }, paint: { 'line-color': '#ffffff', 'line-width': 3.5, 'line-opacity': 0.7 },
    },
    {
      id: 'staff-ways', source: FINDINGS, type: 'line', filter: only('way'),
      layout: { 'line-cap': 'round' },
      paint: { 'line-color': ['get', 'colour'], 'line-width': 1.6 },
    },
    {
      id: 'staff-heads', source: FINDINGS, type: 'symbol', filter: only('head'),
      layout: {
        'text-field': '▲', 'text-font': FONT, 'text-size': 16, 'text-rotate': ['get', 'bearing'],
        'text-rotation-alignment': 'map', 'text-allow-overlap': true, 'text-ignore-placement': true,
      },
      paint: { 'text-color': ['get', 'colour'], 'text-halo-color': '#ffffff', 'text-halo-width': 1.5 },
    },
    {
      id: 'staff-spots', source: FINDINGS, type: 'circle', filter: only('spot'),
      paint: {
        'circle-radius': 5, 'circle-color': ['get', 'colour'],
        'circle-stroke-color': INK, 'circle-stroke-width': 1,
      },
    },
    {
      id: 'staff-numbers', source: FINDINGS, type: 'symbol', filter: only('number'),
      layout: {
        'text-field': ['get', 'text'], 'text-font': FONT, 'text-allow-overlap': true,
        'text-size': ['coalesce', ['get', 'size'], 20],
      },
      paint: { 'text-color': INK, 'text-halo-color': '#ffffff', 'text-halo-width': 2.5 },
    },
  ] as unknown as LayerSpecification[]
}

export const WAY_COLOURS: Readonly<Record<'moved' | 'new', string>> = { moved: '#7b2cbf', new: POST }

function only(finds: string): unknown {
  return ['==', ['get', 'finds'], finds]
}
