/** What is selected stands out in the accent, on a white casing, at every zoom. */

import type { LayerSpecification } from 'maplibre-gl'

export const SELECTION = 'selection'
const ACCENT = '#0b6670'

export function selectionLayers(): LayerSpecification[] {
  const areas = ['match', ['geometry-type'], ['Polygon', 'MultiPolygon'], true, false] as const
  const points = ['match', ['geometry-type'], ['Point', 'MultiPoint'], true, false] as const
  const common = { source: SELECTION }
  return [
    {
      ...common, id: 'selection-fill', type: 'fill', filter: [...areas],
      paint: { 'fill-color': ACCENT, 'fill-opacity': 0.1 },
    },
    {
      ...common, id: 'selection-casing', type: 'line',
      layout: { 'line-join': 'round' },
      paint: { 'line-color': '#ffffff', 'line-width': 7, 'line-opacity': 0.9 },
    },
    {
      ...common, id: 'selection-line', type: 'line',
      layout: { 'line-join': 'round' },
      paint: { 'line-color': ACCENT, 'line-width': 3.5 },
    },
    {
      ...common, id: 'selection-ring-casing', type: 'circle', filter: [...points],
      paint: {
        'circle-radius': 15, 'circle-opacity': 0,
        'circle-stroke-color': '#ffffff', 'circle-stroke-width': 6,
      },
    },
    {
      ...common, id: 'selection-ring', type: 'circle', filter: [...points],
      paint: {
        'circle-radius': 15, 'circle-opacity': 0,
        'circle-stroke-color': ACCENT, 'circle-stroke-width': 3.5,
      },
    },
  ] as LayerSpecification[]
}
