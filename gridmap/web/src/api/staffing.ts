/** What the page asks of staffing: who is missing, who could come, and the best of all. */

import type { Geometry } from 'geojson'

import { read, send } from './client'
import { readItem } from './service'

/** A post: a role on one thing that is looked after. */
interface Post {
  readonly kind: string
  readonly target_id: number
  readonly role: string
  readonly name: string | null
  readonly code: string | null
  readonly lon: number
  readonly lat: number
}

export interface Vacancy extends Post {
  readonly template: string
  readonly level: string
  readonly missing: number
  readonly full_time: boolean
}

export interface Completeness {
  readonly templates: readonly {
    readonly key: string
    readonly levels: readonly {
      readonly level: string
      readonly targets: number
      readonly complete: number
    }[]
  }[]
  readonly vacancies: readonly Vacancy[]
  readonly over_capacity: readonly {
    readonly staff_id: number
    readonly name: string
    readonly posts: number
  }[]
}

export type Reason = 'role' | 'absent' | 'capacity' | 'distance'

export interface Candidate {
  readonly staff_id: number
  readonly name: string
  readonly roles: readonly string[]
  readonly posts: number
  readonly capacity: number
  readonly walk_m: number | null
  readonly reasons: readonly Reason[]
}

export interface Change extends Post {
  readonly full_time: boolean
  readonly assignment_id: number | null
  readonly from: number | null
  readonly to: number | null
  readonly to_name: string | null
  readonly walk_m: number
  readonly home: readonly [number, number] | null
}

export interface EmptyPost extends Post {
  readonly with_role: number
  readonly present: number
  readonly within_reach: number
  readonly with_room: number
}

export interface Proposal {
  readonly changes: readonly Change[]
  readonly empty: readonly EmptyPost[]
  readonly posts: number
  readonly kept: number
  readonly cost: number
  readonly lower_bound: number
  readonly mean_walk_m: number
}

export interface Person {
  readonly id: number
  readonly name: string
}

export function readCompleteness(place: string, signal?: AbortSignal): Promise<Completeness> {
  return read('staffing/completeness', { place }, signal)
}

export async function readPeople(place: string, signal?: AbortSignal): Promise<readonly Person[]> {
  const { staff } = await read<{ staff: readonly Person[] }>('staffing/roster', { place }, signal)
  return staff
}

export async function readCandidates(
  place: string,
  { role, lon, lat }: Pick<Post, 'role' | 'lon' | 'lat'>,
  signal?: AbortSignal,
): Promise<readonly Candidate[]> {
  const asked = { place, role, lon, lat }
  const found = await read<{ candidates: readonly Candidate[] }>('staffing/candidates', asked, signal)
  return found.candidates
}

/** The shape of what a post is for, where it has one of its own. */
export async function readShape(kind: string, id: number, signal?: AbortSignal): Promise<Geometry | null> {
  if (kind !== 'grid' && kind !== 'building') return null
  return (await readItem(kind === 'grid' ? 'grids' : 'buildings', id, signal)).geometry
}

export function sendAssignment(staffId: number, post: Vacancy, actor: string): Promise<object> {
  const body = {
    staff_id: staffId,
    role: post.role,
    targets: [{ kind: post.kind, id: post.target_id }],
    full_time: post.full_time,
  }
  return send('staffing/assignments', body, actor)
}

export function askProposal(place: string, actor: string): Promise<Proposal> {
  return send('staffing/proposals', { place }, actor)
}

export function acceptChanges(
  place: string,
  changes: readonly Change[],
  actor: string,
): Promise<{ accepted: number }> {
  const chosen = changes.map(({ kind, target_id, role, full_time, assignment_id, from, to }) => ({
    kind,
    target_id,
    role,
    full_time,
    assignment_id,
    from,
    to,
  }))
  return send('staffing/proposals/acceptance', { place, changes: chosen }, actor)
}
