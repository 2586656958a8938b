/** What the page asks of plans: reading, editing, proving and publishing them. */

import type { Feature, Geometry } from 'geojson'

import { read, send } from './client'
import type { Named } from './nouns'

export type PlanState = 'draft' | 'in review' | 'published' | 'superseded'

export interface Plan {
  readonly id: number
  readonly name: string
  readonly state: PlanState
  readonly revision: number
  readonly author: string
  readonly reviewer: string | null
  readonly based_on: number | null
  readonly created_at: string
  readonly valid_from: string | null
  readonly valid_to: string | null
  /** It is the one that holds today. */
  readonly in_force: boolean
  readonly open_comments: number
  readonly place: string
  readonly network: string
  readonly network_name: string
  readonly network_name_en: string | null
  readonly levels: readonly (Named & { readonly level: number })[]
  /** The size profile of the network; none where it has none. */
  readonly households_min: number | null
  readonly households_max: number | null
}

/** How a grid is cut, and what is wrong with it. */
export interface Shape {
  readonly polsby_popper: number | null
  readonly reock: number | null
  readonly hull_ratio: number | null
  /** 1 for a grid that hangs together. */
  readonly parts: number
  readonly buildings_cut?: number
}

export interface AreaProperties extends Named, Shape {
  readonly name: string
  readonly level: number
  readonly code: string
  readonly kind: string
  readonly parent_id: number | null
  readonly locked: boolean
  readonly households: number
  readonly residents: number
  readonly buildings: number
  readonly dossiers: number
  readonly area_m2: number
}

export type Area = Feature<Geometry, AreaProperties> & { readonly id: number }

export interface AreaFigures extends Named, Shape {
  readonly level: number
  readonly code: string
  readonly lowest: boolean
  readonly kind: string
  readonly households: number
  readonly residents: number
  readonly buildings: number
  readonly dossiers?: number
  readonly area_m2: number
}

/** What an edit did or would do. */
export interface Outcome {
  readonly revision: number
  readonly grids: readonly {
    readonly id: number
    readonly before: AreaFigures | null
    readonly after: AreaFigures | null
  }[]
  readonly households_moved: number
  readonly buildings_cut: number
  readonly staff: number
  readonly open_incidents: number
  readonly totals: readonly { readonly level: number; readonly before: Totals | null; readonly after: Totals | null }[]
  readonly areas: readonly Area[]
}

/** What all grids of a level are together. */
export interface Totals {
  readonly grids: number
  readonly off_size: number
  readonly deviation: number
  readonly non_contiguous: number
  readonly polsby_popper: number | null
  readonly unassigned: number
}

export type Spot = readonly [longitude: number, latitude: number]

export type Edit =
  | { readonly kind: 'redraw'; readonly grids: readonly number[]; readonly line: readonly Spot[]; readonly along_streets?: true }
  | { readonly kind: 'node'; readonly level: number; readonly node: Spot; readonly to: Spot }
  | { readonly kind: 'split'; readonly grid: number; readonly line: readonly Spot[]; readonly along_streets?: true }
  | { readonly kind: 'split'; readonly grid: number; readonly streets: true }
  | { readonly kind: 'split'; readonly grid: number; readonly parts: number }
  | { readonly kind: 'merge'; readonly grids: readonly number[]; readonly into: number }
  | { readonly kind: 'transfer'; readonly to: number; readonly lasso: readonly Spot[] }
  | { readonly kind: 'transfer'; readonly to: number; readonly block: Spot }
  | { readonly kind: 'transfer'; readonly to: number; readonly building: number }
  | { readonly kind: 'transfer'; readonly to: number; readonly grid: number }
  | { readonly kind: 'paint'; readonly to: number; readonly line: readonly Spot[]; readonly width_m: number; readonly blocks?: boolean }
  | { readonly kind: 'special'; readonly level: number; readonly name: string; readonly area: readonly Spot[] }
  | { readonly kind: 'special'; readonly level: number; readonly name: string; readonly building: number }
  | { readonly kind: 'special'; readonly level: number; readonly name: string; readonly land_use: number }
  | { readonly kind: 'rename'; readonly grid: number; readonly name: string }
  | { readonly kind: 'renumber'; readonly level: number }
  | { readonly kind: 'lock'; readonly grids: readonly number[]; readonly locked: boolean }

export interface LogEntry {
  readonly revision: number
  readonly kind: string
  readonly actor: string
  readonly at: string
  readonly undoes: number | null
}

export interface Heir {
  readonly level: number
  readonly old_id: number
  readonly old_code: string
  readonly old_name: string
  readonly new_id: number
  readonly new_code: string
  readonly new_name: string
  readonly households: number
  readonly residents: number
  readonly area_m2: number
  readonly share: number
}

/** One thing that is wrong, and where. */
export interface Finding {
  readonly kind: string
  readonly place: Spot
  readonly area_m2: number
  readonly grid: number | null
  /** Above the most (positive) or below the least; of land without a grid how many live there. */
  readonly households: number | null
}

/** Defects break the proof; findings are for the planner to mend. */
export interface Proof {
  readonly exact: boolean
  readonly defects: readonly Finding[]
  readonly findings: readonly Finding[]
}

export async function readPlans(place: string, signal?: AbortSignal): Promise<readonly Plan[]> {
  return (await read<{ plans: Plan[] }>('plans', { place }, signal)).plans
}

export function readPlan(id: number, signal?: AbortSignal): Promise<Plan> {
  return read<Plan>(`plans/${id}`, {}, signal)
}

/** The grids of every level. */
export async function readAreas(id: number, signal?: AbortSignal): Promise<readonly Area[]> {
  const path = `plans/${id}/grids`
  return (await read<{ features: Area[] }>(path, {}, signal)).features
}

/** The building at a point; nothing where there is none. */
export async function readBuildingAt([lon, lat]: Spot): Promise<number | null> {
  const found = await read<{ building: { id: number } | null }>('locate', { lon, lat })
  return found.building?.id ?? null
}

export async function readLog(id: number, signal?: AbortSignal): Promise<readonly LogEntry[]> {
  return (await read<{ edits: LogEntry[] }>(`plans/${id}/log`, {}, signal)).edits
}

export async function readLineage(id: number, signal?: AbortSignal): Promise<readonly Heir[]> {
  return (await read<{ lineage: Heir[] }>(`plans/${id}/lineage`, {}, signal)).lineage
}

export function readProof(id: number): Promise<Proof> {
  return read<Proof>(`plans/${id}/check`)
}

export function makeDraft(basedOn: number, name: string, actor: string): Promise<Plan> {
  return send<Plan>('plans', { based_on: basedOn, name }, actor)
}

export function sendEdit(
  id: number,
  edit: Edit,
  revision: number,
  preview: boolean,
  actor: string,
): Promise<Outcome> {
  return send<Outcome>(`plans/${id}/edits`, { ...edit, revision, preview }, actor)
}

export function takeStep(
  id: number,
  step: 'undo' | 'redo',
  revision: number,
  actor: string,
): Promise<Outcome> {
  return send<Outcome>(`plans/${id}/${step}`, { revision }, actor)
}

export function publishPlan(
  id: number,
  publication: { readonly revision: number; readonly starts: string },
  actor: string,
): Promise<Plan> {
  return send<Plan>(`plans/${id}/publication`, publication, actor)
}
