import { describe, expect, it } from 'vitest'

import type { Crosswalk } from '../src/api/plan-documents'
import type { Area, Plan } from '../src/api/plans'
import type { OpenPlan } from '../src/state/draft'
import { levelBelow, offersOf, pressedAt, type LandUse } from '../src/state/offers'
import { straddling } from '../src/state/straddling'
import { takeTool } from '../src/state/tool'

const square = (x: number) => ({
  type: 'Polygon' as const,
  coordinates: [[[x, 0], [x + 1, 0], [x + 1, 1], [x, 1], [x, 0]]],
})

const area = (id: number, level: number, parent_id: number | null, x = 0) =>
  ({ type: 'Feature', id, geometry: square(x), properties: { level, parent_id, name: `g${id}` } }) as unknown as Area

const plan = { levels: [{ level: 1 }, { level: 2 }, { level: 3 }] } as unknown as Plan

const open: OpenPlan = {
  plan,
  areas: new Map([area(1, 2, null), area(2, 2, null, 1), area(3, 3, 1), area(4, 3, 2, 1)].map((item) => [item.id, item])),
  log: [],
  lineage: [],
}

const ground = [
  { type: 'Feature', id: 7, geometry: square(0), properties: { kind: 'school', name: '第一小学' } },
  { type: 'Feature', id: 8, geometry: square(1), properties: { kind: 'residential', name: null } },
] as unknown as LandUse

describe('what a tool offers', () => {
  const give = { ...takeTool('lasso', [1], 2), way: 'micro' as const }
  const special = { ...takeTool('special', [], 2), way: 'ground' as const }

  it('is the micro-grids of other grids, to be given as a whole', async () => {
    const offers = offersOf(give, open, ground)
    expect(offers.map(({ id }) => id)).toEqual([4])
    expect(await pressedAt(give, [1.5, 0.5], offers)).toMatchObject({ thing: 4, points: [[1.5, 0.5]] })
    expect(await pressedAt(give, [0.5, 0.5], offers)).toBeNull()
  })

  it('is nothing where there is no level below, or no grid to give to', () => {
    expect(levelBelow(plan, 3)).toBeNull()
    expect(offersOf({ ...give, level: 3 }, open, ground)).toEqual([])
    expect(offersOf({ ...give, grids: [] }, open, ground)).toEqual([])
  })

  it('is a school but no residential ground, and brings its name along', async () => {
    const offers = offersOf(special, open, ground)
    expect(offers.map(({ id }) => id)).toEqual([7])
    expect(await pressedAt(special, [0.5, 0.5], offers)).toMatchObject({ thing: 7, name: '第一小学' })
    const named = { ...special, name: '我的学校' }
    expect(await pressedAt(named, [0.5, 0.5], offers)).toMatchObject({ name: '我的学校' })
  })
})

describe('two networks', () => {
  const pair = (one_id: number, other_id: number, area_m2: number) => ({ one_id, other_id, area_m2 })
  const cross = (pairs: readonly object[], cut: readonly number[]) =>
    ({ pairs, cut: cut.map((id) => ({ id })) }) as unknown as Crosswalk

  it('do not cut each other where one is made of grids of the other', () => {
    expect(straddling(cross([pair(1, 9, 50), pair(2, 9, 50)], [9]))).toEqual([])
  })

  it('cut where a boundary of one passes through a grid of the other', () => {
    const found = straddling(cross([pair(1, 9, 50), pair(2, 9, 30), pair(2, 8, 20)], [9, 2]))
    expect(found.map(({ id }) => id)).toEqual([9, 2])
  })
})
