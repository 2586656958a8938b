/** What the page asks of hotspots: one question, one answer. */

import type { Feature, Polygon } from 'geojson'

import type { Bounds } from '../geometry/bounds'

import { read } from './client'

export interface Asked {
  readonly place: string
  /** Moments with their zone; the second one is excluded. */
  readonly from: string
  readonly to: string
  readonly category: string | null
  readonly severity: number
}

export type Cell = Feature<Polygon, { readonly class: number; readonly count: number }> & {
  readonly id: number
}

export interface Hotspot {
  readonly cells: readonly number[]
  readonly incidents: number
  readonly expected: number
  readonly excess: number
  readonly class: number
  readonly centre: readonly [number, number]
  readonly radius_m: number
  readonly bbox: Bounds
}

export interface HotspotAnswer {
  readonly id: string
  readonly incidents: number
  readonly explanation: Readonly<Record<'zh' | 'en', string>>
  readonly legend: readonly { readonly class: number; readonly zh: string; readonly en: string }[]
  readonly cells: { readonly features: readonly Cell[] }
  readonly hotspots: readonly Hotspot[]
  /** Seven days from Monday, 24 hours each. */
  readonly clock: readonly (readonly number[])[]
  /** Twelve months of the year from January. */
  readonly months: readonly number[]
}

export function readHotspots(asked: Asked, signal?: AbortSignal): Promise<HotspotAnswer> {
  return read('hotspots', { ...asked }, signal)
}
