/** The figures that a planner compares grids by. */

import type { Area } from '../api/plans'
import { classify, type Classes } from '../geometry/classes'

import { deviationOf, type Profile } from './draft'

export const FIGURES = [
  'households', 'residents', 'buildings', 'dossiers', 'area_m2', 'deviation', 'polsby_popper', 'reock',
  'hull_ratio', 'parts', 'buildings_cut',
] as const
export type Figure = (typeof FIGURES)[number]

/** Shares, which people read in percent. */
const IN_PERCENT: ReadonlySet<Figure> = new Set(['polsby_popper', 'reock', 'hull_ratio'])
const MOST_CLASSES = 5

/** A figure of a grid; nothing where it has none. */
export function figureOf({ properties }: Area, figure: Figure, profile: Profile | null): number | null {
  if (figure === 'deviation') return profile ? deviationOf(properties, profile) : null
  const value = properties[figure] ?? null
  return value !== null && IN_PERCENT.has(figure) ? Math.round(100 * value) : value
}

/** Classes for the colours of a figure; none where there is nothing to tell apart. */
export function classesOf(areas: readonly Area[], figure: Figure, profile: Profile | null): Classes | null {
  const values = areas.flatMap((area) => figureOf(area, figure, profile) ?? [])
  return values.length > 0 ? classify(values, MOST_CLASSES) : null
}

/** What is wrong with a grid, the worst first; nothing when all is right. */
export function problemsOf({ properties }: Area, profile: Profile | null): readonly ('size' | 'parts' | 'cut' | 'unassigned')[] {
  return [
    ...(deviationOf(properties, profile) !== 0 ? ['size' as const] : []),
    ...(properties.kind === 'unassigned' ? ['unassigned' as const] : []),
    ...(properties.parts > 1 ? ['parts' as const] : []),
    ...((properties.buildings_cut ?? 0) > 0 ? ['cut' as const] : []),
  ]
}
