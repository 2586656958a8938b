/** Which grids of two networks are really cut by the other one, and not just made of its grids. */

import type { Crosswalk } from '../api/plan-documents'

/** Less of a grid than this is the rounding of an edge that both networks have drawn. */
const LEAST_SHARE = 0.01

/** Of the grids in several of the other network, those that share one of them with a neighbour. */
export function straddling({ pairs, cut }: Crosswalk): Crosswalk['cut'] {
  const areas = new Map<number, number>()
  for (const { one_id, other_id, area_m2 } of pairs) {
    for (const id of [one_id, other_id]) areas.set(id, (areas.get(id) ?? 0) + area_m2)
  }
  const isPart = (id: number, area: number) => {
    const share = area / (areas.get(id) || 1)
    return share > LEAST_SHARE && share < 1 - LEAST_SHARE
  }
  const crossed = new Set(
    pairs
      .filter(({ one_id, other_id, area_m2 }) => isPart(one_id, area_m2) && isPart(other_id, area_m2))
      .flatMap(({ one_id, other_id }) => [one_id, other_id]),
  )
  return cut.filter(({ id }) => crossed.has(id))
}
