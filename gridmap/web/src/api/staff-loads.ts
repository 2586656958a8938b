/** What the page asks of loads, lassos, and compact areas. */

import type { Geometry, Polygon, MultiPolygon } from 'geojson'

import type { Spot } from './plans'
import { read, send } from './client'

/** What one person carries. */
export interface Load {
  readonly staff_id: number
  readonly name: string
  readonly roles: readonly string[]
  readonly posts: number
  readonly capacity: number
  readonly absent: boolean
  readonly households: number
  readonly incidents: number
  /** The longest walk to a post; nothing without a home or a post. */
  readonly walk_m: number | null
  readonly home: readonly [number, number] | null
}

/** One post that somebody holds. */
export interface HeldPost {
  readonly assignment_id: number
  readonly staff_id: number
  readonly staff_name: string | null
  readonly role: string
  readonly kind: string
  readonly target_id: number
  readonly level: number | null
  readonly code: string | null
  readonly name: string | null
  readonly full_time: boolean
  readonly locked: boolean
  readonly lon: number
  readonly lat: number
  readonly walk_m: number | null
}

export interface Loads {
  readonly distance: string
  readonly people: readonly Load[]
  readonly posts: readonly HeldPost[]
}

/** A grid or a building inside of a lasso. */
export interface Target {
  readonly kind: 'grid' | 'building'
  readonly id: number
  readonly code: string | null
  readonly name: string | null
  readonly households: number
  /** The footprint of a building; a grid has its own in the layer. */
  readonly geometry: Geometry | null
}

export type BulkReason = 'twice' | 'held' | 'absent' | 'full' | 'capacity' | 'full-time' | 'refused'

export interface BulkResult {
  readonly kind: string
  readonly id: number
  readonly name: string | null
  readonly lon: number | null
  readonly lat: number | null
  readonly holders: readonly string[]
  readonly walk_m: number | null
  readonly reason: BulkReason | null
  readonly detail?: string
}

export interface BulkAnswer {
  readonly stored: boolean
  readonly results: readonly BulkResult[]
}

export interface BulkQuestion {
  readonly place: string
  readonly staff_id: number
  readonly role: string
  readonly targets: readonly { readonly kind: string; readonly id: number }[]
  readonly beyond_capacity: boolean
  readonly only_check: boolean
}

export interface CompactArea {
  readonly number: number
  readonly count: number
  readonly centre: readonly [number, number]
  readonly spread_m: number
  readonly geometry: Polygon | MultiPolygon
}

export interface CompactAreas {
  readonly category: string
  readonly seed: number
  readonly areas: readonly CompactArea[]
  readonly points: readonly {
    readonly id: number
    readonly name: string | null
    readonly lon: number
    readonly lat: number
    readonly area: number
  }[]
}

export function readLoads(place: string, signal?: AbortSignal): Promise<Loads> {
  return read('staffing/loads', { place }, signal)
}

export async function findInside(
  place: string,
  kind: Target['kind'],
  ring: readonly Spot[],
  cut: { readonly network: string; readonly level: number } | null,
  actor: string,
): Promise<readonly Target[]> {
  const asked = { place, kind, ring, ...(kind === 'grid' && cut ? cut : {}) }
  return (await send<{ targets: readonly Target[] }>('staffing/inside', asked, actor)).targets
}

export function sendBulk(question: BulkQuestion, actor: string): Promise<BulkAnswer> {
  return send('staffing/bulk', question, actor)
}

export function sendLock(assignment: number, locked: boolean, actor: string): Promise<object> {
  return send(`staffing/assignments/${assignment}/lock`, { locked }, actor)
}

export function readAreas(
  place: string,
  category: string,
  k: number,
  seed: number,
  signal?: AbortSignal,
): Promise<CompactAreas> {
  return read('staffing/areas', { place, category, k, seed }, signal)
}
