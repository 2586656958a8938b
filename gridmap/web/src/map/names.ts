/** One point for the name of each area. */

import type { FeatureCollection } from 'geojson'

import type { Features, Item } from '../api/nouns'
import { innerPoint } from '../geometry/inside'
import type { Loaded } from '../state/resource'

import { NO_FEATURES } from './look'

/**
 * The names of areas that are being read: no names while they are on their way, and null, which
 * leaves them to the tiles, when they cannot be read or are too many.
 */
export function namesIn<P extends object>(loaded: Loaded<Features<P>>): FeatureCollection | null {
  if (loaded.state === 'failed') return null
  if (loaded.state !== 'ready') return NO_FEATURES
  const { items, matched } = loaded.value
  return matched > items.length ? null : namesOf(items)
}

/** The same, but none where there is only one: its name is the title of the page already. */
export function namesOfSeveral<P extends object>(loaded: Loaded<Features<P>>): FeatureCollection | null {
  const names = namesIn(loaded)
  return names?.features.length === 1 ? NO_FEATURES : names
}

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
