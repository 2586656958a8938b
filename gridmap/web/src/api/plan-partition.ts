/** What the page asks of a partition: a draft's grids cut anew, as a job with alternatives. */

import type { Feature, Geometry } from 'geojson'

import { change, read, send } from './client'
import type { Outcome } from './plans'

export type Emphasis = 'balanced' | 'streets' | 'shape'

/** How a draft is to be cut. */
export interface Wanted {
  readonly minimum: number
  readonly maximum: number
  /** Exactly so many grids; none for what suits shapes best. */
  readonly grids: number | null
  readonly alternatives: number
}

export interface Alternative {
  readonly emphasis: Emphasis
  readonly seed: number
  readonly totals: {
    readonly grids: number
    readonly in_range: number
    readonly households_least: number
    readonly households_most: number
    readonly compactness_mean: number
    readonly off_street_m: number
  }
  /** None where the plan has no level below. */
  readonly micro_grids: number | null
  readonly misses: readonly { readonly grid: number; readonly households: number; readonly reason: string }[]
}

export interface Job {
  readonly job: string
  readonly plan: number
  readonly state: 'waiting' | 'running' | 'done' | 'cancelled' | 'failed'
  /** Share that is done. */
  readonly progress: number
  readonly seconds: number
  readonly alternatives: readonly Alternative[]
  readonly error: { readonly message: string; readonly hint: string | null } | null
}

export type NewArea = Feature<Geometry, { readonly number: number; readonly households: number; readonly reason: string | null }>

export function startPartition(plan: number, wanted: Wanted, actor: string): Promise<Job> {
  return send<Job>(`plans/${plan}/partition`, wanted, actor)
}

/** How a job stands; the answer waits a moment for its end. */
export function readPartition({ plan, job }: Job): Promise<Job> {
  return read<Job>(`plans/${plan}/partition/${job}`, { wait: 0.5 })
}

export function cancelPartition({ plan, job }: Job, actor: string): Promise<Job> {
  return change<Job>('DELETE', `plans/${plan}/partition/${job}`, null, actor)
}

/** The grids of one alternative, counted from 1. */
export async function readAlternative({ plan, job }: Job, number: number): Promise<readonly NewArea[]> {
  return (await read<{ features: NewArea[] }>(`plans/${plan}/partition/${job}/alternatives/${number}`)).features
}

export function acceptAlternative(
  { plan, job }: Job, alternative: number, revision: number, actor: string,
): Promise<Outcome> {
  return send<Outcome>(`plans/${plan}/partition/${job}/accept`, { alternative, revision }, actor)
}
