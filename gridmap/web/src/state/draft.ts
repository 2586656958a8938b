/** Plain arithmetic on an open plan: what an edit changes, what is worst, what can be undone. */

import type { Area, Heir, LogEntry, Outcome, Plan } from '../api/plans'

/** Less than an edit leaves as a piece of its own. */
const LEAST_M2 = 4
/** A share below this is the rounding of a shared edge. */
const LEAST_SHARE = 0.0005

export type Areas = ReadonlyMap<number, Area>

/** An open plan: figures and areas of all its grids, its log and, once published, its lineage. */
export interface OpenPlan {
  readonly plan: Plan
  readonly areas: Areas
  readonly log: readonly LogEntry[]
  readonly lineage: readonly Heir[]
}

export interface Profile {
  readonly least: number
  readonly most: number
}

export type Order = 'worst' | 'households' | 'code'

/** Areas after an outcome: the changed ones as they were answered, without those that went. */
export function applied(areas: Areas, { grids, areas: changed }: Outcome): Areas {
  const after = new Map(areas)
  for (const { id, after: figures } of grids) if (!figures) after.delete(id)
  for (const area of changed) after.set(area.id, area)
  return after
}

export function ofLevel(areas: Areas, level: number | null): readonly Area[] {
  return [...areas.values()].filter((area) => area.properties.level === level)
}

/** The size profile of a network is that of its lowest level, the only one that is cut by size. */
export function profileOf(plan: Plan, level: number | null): Profile | null {
  const lowest = Math.max(...plan.levels.map((item) => item.level))
  const { households_min: least, households_max: most } = plan
  return level === lowest && least !== null && most !== null ? { least, most } : null
}

/** Households above the most (positive) or below the least (negative); 0 within the range. */
export function deviationOf(
  { households, kind }: { readonly households: number; readonly kind: string },
  profile: Profile | null,
): number {
  // A school or a hospital is a special grid of its own, however few live in it.
  if (!profile || kind === 'special') return 0
  if (households > profile.most) return households - profile.most
  return Math.min(0, households - profile.least)
}

/** In the asked order; the worst is the farthest outside of the range, or else from its middle. */
export function ranked(areas: readonly Area[], order: Order, profile: Profile | null): Area[] {
  const mean = areas.reduce((sum, area) => sum + area.properties.households, 0) / areas.length
  const middle = profile ? (profile.least + profile.most) / 2 : mean
  const off = (area: Area) => Math.abs(deviationOf(area.properties, profile))
  const far = ({ properties: { kind, households } }: Area) =>
    kind === 'special' ? -1 : Math.abs(households - middle)
  const byCode = (a: Area, b: Area) => a.properties.code.localeCompare(b.properties.code)
  return [...areas].sort((a, b) => {
    if (order === 'code') return byCode(a, b)
    if (order === 'households') return b.properties.households - a.properties.households || byCode(a, b)
    return off(b) - off(a) || far(b) - far(a) || byCode(a, b)
  })
}

/** Which edits the next undo and redo are about; the service keeps the same stacks. */
export function stepsOf(log: readonly LogEntry[]): { undo: LogEntry | null; redo: LogEntry | null } {
  const done: LogEntry[] = []
  const undone: LogEntry[] = []
  for (const entry of log) {
    if (entry.kind === 'undo') undone.push(...done.splice(-1))
    else if (entry.kind === 'redo') done.push(...undone.splice(-1))
    else {
      done.push(entry)
      undone.length = 0
    }
  }
  return { undo: done.at(-1) ?? null, redo: undone.at(-1) ?? null }
}

/** The grids of a level that an outcome changes; a neighbour that only got a vertex is none. */
export function changedAt({ grids }: Outcome, level: number | null): Outcome['grids'] {
  return grids.filter(({ before, after }) => {
    if ((after ?? before)?.level !== level) return false
    if (!before || !after) return true
    return (
      before.name !== after.name ||
      before.households !== after.households ||
      before.residents !== after.residents ||
      Math.abs(before.area_m2 - after.area_m2) > LEAST_M2
    )
  })
}

/** The grids that a publication changed: those that did not go to one heir as they were. */
export function changedHeirs(lineage: readonly Heir[], level: number | null): readonly Heir[] {
  const own = lineage.filter((row) => row.level === level && row.share > LEAST_SHARE)
  const heirs = new Map<number, number>()
  for (const { new_id } of own) heirs.set(new_id, (heirs.get(new_id) ?? 0) + 1)
  const changed = new Set(
    own
      .filter((row) => row.share < 1 - LEAST_SHARE || row.old_name !== row.new_name || heirs.get(row.new_id) !== 1)
      .map((row) => row.old_id),
  )
  return own.filter((row) => changed.has(row.old_id))
}
