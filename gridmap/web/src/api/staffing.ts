/** What the page asks of staffing: who is missing, who could come, and the best of all. */

import type { Geometry } from 'geojson'

import { read, send } from './client'
import { readItem } from './service'
import type { Link } from './staff-held'

/** A post: a role on one thing that is looked after. */
interface Post {
  readonly kind: string
  readonly target_id: number
  readonly role: string
  readonly name: string | null
  readonly name_en?: string | null
  readonly code: string | null
  readonly lon: number
  readonly lat: number
}

export interface Vacancy extends Post {
  readonly template: string
  readonly level: string
  readonly missing: number
  readonly full_time: boolean
  /** Skills or languages that the template asks for. */
  readonly skills: readonly string[]
}

/** A post with its holder, who is absent or lacks a skill. */
export interface HeldWithout {
  readonly kind: string
  readonly target_id: number
  readonly role: string
  readonly name: string | null
  readonly name_en?: string | null
  readonly code: string | null
  readonly staff_id: number
  readonly staff_name: string
  readonly skills: readonly string[]
}

export interface Completeness {
  readonly templates: readonly {
    readonly key: string
    /** The areas that are complete or not, and what is missing in words. */
    readonly areas: number
    readonly complete: number
    readonly sentence: string
    readonly sentence_en: string
    readonly levels: readonly {
      readonly level: string
      readonly network: string
      readonly targets: number
      readonly complete: number
    }[]
  }[]
  readonly vacancies: readonly Vacancy[]
  readonly away: readonly HeldWithout[]
  readonly unskilled: readonly HeldWithout[]
  /** People with a post on several things that each want somebody of their own. */
  readonly double_posts: readonly {
    readonly staff_id: number
    readonly name: string
    readonly role: string
    readonly targets: readonly {
      readonly name: string | null
      readonly name_en: string | null
      readonly code: string | null
    }[]
  }[]
  readonly over_capacity: readonly {
    readonly staff_id: number
    readonly name: string
    readonly posts: number
  }[]
}

export type Reason = 'role' | 'skills' | 'absent' | 'capacity' | 'full-time' | 'distance'

export interface Candidate {
  readonly staff_id: number
  readonly name: string
  readonly roles: readonly string[]
  readonly is_second_role: boolean
  readonly skills: readonly string[]
  readonly posts: number
  readonly capacity: number
  readonly households: number
  readonly incidents: number
  readonly walk_m: number | null
  /** Along streets, or a straight line × 1.3. */
  readonly walk_by: 'streets' | 'line' | null
  readonly reasons: readonly Reason[]
}

export interface Change extends Post {
  readonly full_time: boolean
  readonly assignment_id: number | null
  readonly from: number | null
  readonly from_name: string | null
  readonly to: number | null
  readonly to_name: string | null
  readonly walk_m: number
  /** Where the person comes from: the post that is left for this one, or home. */
  readonly origin: {
    readonly kind: 'post' | 'home'
    readonly at: readonly [number, number]
    readonly name?: string | null
  } | null
  /** Numbers of the changes that free this one's person: they go together. */
  readonly needs: readonly number[]
}

export interface Way {
  readonly rule: 'skills' | 'absence' | 'distance' | 'capacity'
  readonly staff_name: string
  readonly walk_m: number
  readonly price: number
}

export interface EmptyPost extends Post {
  readonly skills: readonly string[]
  readonly max_walk_m: number
  readonly with_role: number
  readonly with_skills: number
  readonly present: number
  readonly within_reach: number
  readonly with_room: number
  /** The cheapest way of filling it, in metres of walk; nothing where there is none. */
  readonly price: number | null
  readonly ways: readonly Way[]
}

export interface Proposal {
  readonly changes: readonly Change[]
  readonly empty: readonly EmptyPost[]
  readonly posts: number
  readonly kept: number
  readonly cost: number
  readonly lower_bound: number
  readonly gap_percent: number
  readonly mean_walk_m: number
  readonly beyond_walk: number
  readonly overload: number | null
  readonly overload_before: number | null
  readonly by_street: number
  readonly by_line: number
}

/** What a proposal shall keep to. */
export interface Terms {
  readonly max_walk_m: number
  /** Households that one person carries before they are evened out; nothing evens out none. */
  readonly level_households: number | null
  readonly demands: readonly { readonly role: string; readonly skills: readonly string[] }[]
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
  { role, lon, lat, full_time, skills }: Pick<Post, 'role' | 'lon' | 'lat'> &
    Partial<Pick<Vacancy, 'full_time' | 'skills'>>,
  signal?: AbortSignal,
): Promise<readonly Candidate[]> {
  const asked = { place, role, lon, lat, full_time: full_time ? 'true' : null, skill: skills ?? [] }
  const found = await read<{ candidates: readonly Candidate[] }>('staffing/candidates', asked, signal)
  return found.candidates
}

/** The shape of what a post is for, where it has one of its own. */
export async function readShape(kind: string, id: number, signal?: AbortSignal): Promise<Geometry | null> {
  if (kind !== 'grid' && kind !== 'building') return null
  return (await readItem(kind === 'grid' ? 'grids' : 'buildings', id, signal)).geometry
}

/** How a post is given: over which time, and as what. */
export interface Manner {
  readonly begins?: string
  readonly ends?: string
  readonly link: Link
}

export function sendAssignment(
  staffId: number,
  post: Vacancy,
  manner: Manner,
  actor: string,
): Promise<object> {
  const body = {
    staff_id: staffId,
    role: post.role,
    targets: [{ kind: post.kind, id: post.target_id }],
    // Who only lives there has no post to be full-time in.
    full_time: post.full_time && manner.link !== 'home',
    ...manner,
  }
  return send('staffing/assignments', body, actor)
}

export function askProposal(place: string, terms: Terms, actor: string): Promise<Proposal> {
  return send('staffing/proposals', { place, ...terms }, actor)
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
