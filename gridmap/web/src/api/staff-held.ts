/** What the page asks of one thing's people: who holds it and how, pairs, ends, and absence. */

import { change, read, send } from './client'

/** How somebody belongs to a thing; a pair is with one household. */
export const LINKS = ['duty', 'resident', 'working', 'mobile', 'home'] as const
export type Link = (typeof LINKS)[number]

export interface HeldHere {
  readonly id: number
  readonly staff_id: number
  readonly staff_name: string
  readonly role: string
  readonly link: Link | 'pair'
  readonly begins: string
  readonly ends: string | null
  readonly locked: boolean
  readonly full_time: boolean
  readonly target_code: string | null
}

export interface NewPair {
  readonly staff_id: number
  readonly role: string
  readonly building_id: number
  readonly begins?: string
  readonly ends?: string
}

/** Who holds a thing now, and who will. */
export async function readHeld(kind: string, id: number, signal?: AbortSignal): Promise<readonly HeldHere[]> {
  const { assignments } = await read<{ assignments: readonly HeldHere[] }>(
    `staffing/history/${kind}/${id}`,
    {},
    signal,
  )
  const now = Date.now()
  return assignments.filter(({ ends }) => ends === null || Date.parse(ends) > now).reverse()
}

export async function readPairs(building: number, signal?: AbortSignal): Promise<readonly HeldHere[]> {
  const asked = { building_id: building }
  return (await read<{ pairs: readonly HeldHere[] }>('staffing/pairs', asked, signal)).pairs
}

export function sendPair(pair: NewPair, actor: string): Promise<{ household_id: number }> {
  return send('staffing/pairs', pair, actor)
}

/** End an assignment at a moment (none: now), or hand it over to somebody. */
export function sendEnd(assignment: number, end: { at?: string; to?: number }, actor: string): Promise<object> {
  return send(`staffing/assignments/${assignment}/end`, end, actor)
}

/** Absent from now until a moment, if it is known; nothing: present again. */
export function sendAbsence(
  staffId: number,
  absence: { readonly begins: string; readonly ends: string | null } | null,
  actor: string,
): Promise<object> {
  return change('PUT', `staffing/people/${staffId}/absence`, absence ?? {}, actor)
}
