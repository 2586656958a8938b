/** Comments on a plan, and the land that changes hands, on the map. */

import type { FeatureCollection } from 'geojson'
import type { LayerSpecification, SourceSpecification } from 'maplibre-gl'

const COMMENTS = 'plan-comments'
const MOVED = 'plan-moved'
const VIOLET = '#6a3d9a'
export const MOVED_COLOUR = VIOLET

export interface DocumentLook {
  /** Points with a `number`, and whether they are `resolved`. */
  readonly comments: FeatureCollection
  /** Land that belongs to another grid in the plan beside. */
  readonly moved: FeatureCollection
}

export function documentSources({ comments, moved }: DocumentLook): Record<string, SourceSpecification> {
  return {
    [COMMENTS]: { type: 'geojson', data: comments },
    [MOVED]: { type: 'geojson', data: moved },
  }
}

export function documentLayers(): LayerSpecification[] {
  return [
    {
      id: 'plan-moved', source: MOVED, type: 'fill',
      paint: { 'fill-color': VIOLET, 'fill-opacity': 0.28 },
    },
    {
      id: 'plan-moved-line', source: MOVED, type: 'line',
      paint: { 'line-color': VIOLET, 'line-width': 1.5 },
    },
    {
      id: 'plan-comments', source: COMMENTS, type: 'circle',
      paint: {
        'circle-radius': 12,
        'circle-color': ['case', ['get', 'resolved'], '#8d8a94', VIOLET],
        'circle-stroke-color': '#ffffff', 'circle-stroke-width': 2.5,
      },
    },
    {
      id: 'plan-comments-number', source: COMMENTS, type: 'symbol',
      layout: {
        'text-field': ['get', 'number'], 'text-size': 13, 'text-allow-overlap': true,
        'text-font': ['Noto Sans CJK SC Bold', 'PingFang SC', 'Microsoft YaHei', 'Noto Sans'],
      },
      paint: { 'text-color': '#ffffff' },
    },
  ] as unknown as LayerSpecification[]
}
