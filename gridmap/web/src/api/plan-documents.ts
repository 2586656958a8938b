/** What the page asks of plans as documents: their sources, review, comments and comparisons. */

import type { FeatureCollection } from 'geojson'

import { read, send, sendFile } from './client'
import type { Named } from './nouns'
import type { Plan, Spot } from './plans'

export interface Comment {
  readonly id: number
  readonly author: string
  readonly at: string
  readonly text: string
  readonly resolved: boolean
  readonly resolved_by: string | null
  readonly lon: number | null
  readonly lat: number | null
}

export interface ChangedGrid extends Named {
  readonly id: number
  readonly code: string
  readonly name: string
  readonly households: number
  readonly change: 'renamed' | 'split' | 'merged' | 'redrawn' | 'gone'
}

export interface Comparison {
  readonly old: Plan
  readonly new: Plan
  readonly levels: readonly {
    readonly level: number
    readonly grids_before: number
    readonly grids_after: number
    readonly households_moved: number
    readonly residents_moved: number
    readonly open_incidents_moved: number
    readonly changed: readonly ChangedGrid[]
    readonly gone: readonly ChangedGrid[]
  }[]
  /** Land that changes hands; properties have level, from, to, households. */
  readonly moved: FeatureCollection
  readonly posts: readonly {
    readonly grid_id: number
    readonly grid_name: string
    readonly name: string
    readonly role_name: string
    readonly role_name_en: string | null
  }[]
}

export interface CrossedGrid extends Named {
  readonly id: number
  readonly code: string
  readonly name: string
  readonly households: number
}

export interface Crosswalk {
  readonly one: { readonly network: string; readonly level: number; readonly grids: readonly CrossedGrid[] }
  readonly other: { readonly network: string; readonly level: number; readonly grids: readonly CrossedGrid[] }
  readonly pairs: readonly {
    readonly one_id: number
    readonly other_id: number
    readonly households: number
    readonly area_m2: number
    readonly share_of_one: number
    readonly share_of_other: number
  }[]
  readonly uncovered: readonly (CrossedGrid & { readonly network: string; readonly share: number })[]
  readonly cut: readonly (CrossedGrid & { readonly network: string; readonly parts: number })[]
}

/** What an import repaired, and what it left open. */
export interface ImportReport {
  readonly repairs: readonly {
    readonly what: string
    readonly kind?: string
    readonly area_m2?: number
    readonly given_to?: string
    readonly place?: Spot
  }[]
  readonly repaired: number
  readonly left: readonly {
    readonly kind: string
    readonly what: string
    readonly area_m2?: number
    readonly place?: Spot
  }[]
}

export type Ground = 'territory' | 'blocks'

export function makeOfGround(
  ground: { place: string; network: string; name: string; source: Ground; given: string },
  actor: string,
): Promise<Plan> {
  return send<Plan>('plans', ground, actor)
}

export function importPlan(
  file: Blob,
  query: { place: string; network: string; name: string },
  actor: string,
): Promise<{ plan: Plan; report: ImportReport }> {
  return sendFile('plans/imports', file, query, actor)
}

export function submitPlan(id: number, revision: number, actor: string): Promise<Plan> {
  return send<Plan>(`plans/${id}/submission`, { revision }, actor)
}

export function returnPlan(id: number, reason: string, actor: string): Promise<Plan> {
  return send<Plan>(`plans/${id}/return`, reason ? { reason } : {}, actor)
}

export async function readComments(id: number, signal?: AbortSignal): Promise<readonly Comment[]> {
  return (await read<{ comments: Comment[] }>(`plans/${id}/comments`, {}, signal)).comments
}

export function sendComment(id: number, text: string, at: Spot | null, actor: string): Promise<Comment> {
  const place = at ? { lon: at[0], lat: at[1] } : {}
  return send<Comment>(`plans/${id}/comments`, { text, ...place }, actor)
}

export function settleComment(
  id: number,
  comment: number,
  resolved: boolean,
  actor: string,
): Promise<Comment> {
  return send<Comment>(`plans/${id}/comments/${comment}/resolution`, { resolved }, actor)
}

export function readComparison(id: number, other: number, signal?: AbortSignal): Promise<Comparison> {
  return read<Comparison>(`plans/${id}/comparison`, { with: other }, signal)
}

export function readCrosswalk(
  place: string,
  one: string,
  other: string,
  day: string | null,
  signal?: AbortSignal,
): Promise<Crosswalk> {
  return read<Crosswalk>('crosswalk', { place, one, other, at: day }, signal)
}

export interface Certificate {
  /** Whether the rows of now are what was published; null where that cannot be compared. */
  readonly holds: boolean | null
  readonly certificate: {
    readonly atoms?: number
    readonly grids?: number
    readonly result_sha256?: string
  }
}

export function readCertificate(id: number, signal?: AbortSignal): Promise<Certificate> {
  return read<Certificate>(`plans/${id}/certificate`, {}, signal)
}
