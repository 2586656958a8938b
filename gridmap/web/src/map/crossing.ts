/** Two networks laid over each other: the boundaries of the other one, and the grids that do not fit. */

import type { LayerSpecification } from 'maplibre-gl'

export interface CrossingLook {
  /** The other network, and the level of its grids. */
  readonly network: string
  readonly level: number
  /** Grids of either network. */
  readonly uncovered: readonly number[]
  readonly cut: readonly number[]
}

export const UNCOVERED = '#9c2f1f'
export const CUT = '#6a3d9a'
export const OTHER = '#b5179e'

/** On the tiles of the service, so that the day of the page counts here too. */
export function crossingLayers({ network, level, uncovered, cut }: CrossingLook): LayerSpecification[] {
  const grids = { source: 'areas', 'source-layer': 'grids' }
  const among = (ids: readonly number[]) => ['in', ['id'], ['literal', [...ids]]]
  const other = ['all', ['==', ['get', 'network'], network], ['==', ['get', 'level'], level]]
  const line = { 'line-join': 'round' }
  return [
    {
      ...grids, id: 'crossing-cut', type: 'fill', filter: among(cut),
      paint: { 'fill-color': CUT, 'fill-opacity': 0.22 },
    },
    {
      ...grids, id: 'crossing-uncovered', type: 'fill', filter: among(uncovered),
      paint: { 'fill-color': UNCOVERED, 'fill-opacity': 0.4 },
    },
    {
      ...grids, id: 'crossing-casing', type: 'line', filter: other, layout: line,
      paint: { 'line-color': '#ffffff', 'line-width': 5, 'line-opacity': 0.8 },
    },
    {
      ...grids, id: 'crossing-line', type: 'line', filter: other, layout: line,
      paint: { 'line-color': OTHER, 'line-width': 2.2, 'line-dasharray': [3, 1.5] },
    },
  ] as unknown as LayerSpecification[]
}
