/** One point for the name of each area. */

import type { FeatureCollection } from 'geojson'

import type { Item } from '../api/nouns'
import { innerPoint } from '../geometry/inside'

export function namesOf<P extends object>(items: readonly Item<P>[]): FeatureCollection {
  return {
    type: 'FeatureCollection',
    features: items.flatMap((item) => {
      const point = innerPoint(item.geometry)
      if (!point) return []
      return [
        {
          type: 'Feature' as const,
          id: item.id,
          properties: { ...item.properties },
          geometry: { type: 'Point' as const, coordinates: point },
        },
      ]
    }),
  }
}
