import { describe, expect, it } from 'vitest'

import { Problem } from '../src/api/client'
import type { Area, AreaFigures, Heir, LogEntry, Outcome, Plan } from '../src/api/plans'
import { contains } from '../src/geometry/inside-area'
import { Speech } from '../src/i18n/language'
import { problemIn } from '../src/i18n/refusals'
import {
  applied,
  changedAt,
  changedHeirs,
  deviationOf,
  profileOf,
  ranked,
  stepsOf,
} from '../src/state/draft'
import { editOf, isDrawing, takeTool, withGrid, withPoint, withoutLast } from '../src/state/tool'

const area = (id: number, households: number, level = 2): Area =>
  ({
    type: 'Feature',
    id,
    geometry: { type: 'Polygon', coordinates: [] },
    properties: { level, households, code: String(id), name: `g${id}` },
  }) as unknown as Area

const figures = (households: number, area_m2 = 100): AreaFigures =>
  ({ level: 2, name: 'a', households, residents: 1, area_m2 }) as AreaFigures

const outcome = (grids: Outcome['grids'], areas: readonly Area[] = []): Outcome => ({
  revision: 1,
  grids,
  households_moved: 0,
  buildings_cut: 0,
  staff: 0,
  open_incidents: 0,
  totals: [],
  areas,
})

describe('a tool', () => {
  it('asks for two grids and a line before it is a new boundary', () => {
    const one = withGrid(takeTool('redraw', []), 7)
    expect(isDrawing(one)).toBe(false)
    const two = withPoint(withGrid(one, 8), [1, 2])
    expect(isDrawing(two)).toBe(true)
    expect(editOf(two)).toBeNull()
    const line = [[1, 2], [3, 4]] as const
    expect(editOf(withPoint(two, [3, 4]))).toEqual({ kind: 'redraw', grids: [7, 8], line })
  })

  it('lets go of a grid that is pressed again, and takes back points before grids', () => {
    expect(withGrid(takeTool('merge', [7]), 7).grids).toEqual([])
    const drawn = withPoint(takeTool('split', [7]), [1, 2])
    expect(withoutLast(drawn)).toEqual(takeTool('split', [7]))
    expect(withoutLast(withoutLast(drawn)).grids).toEqual([])
  })

  it('never merges without being told which grid joins', () => {
    expect(editOf(takeTool('merge', [7, 8]))).toBeNull()
    expect(editOf(withGrid(takeTool('merge', [7]), 8))).toEqual({ kind: 'merge', grids: [8], into: 7 })
  })
})

describe('a draft', () => {
  it('holds what the service answered, without the grids that went', () => {
    const before = new Map([1, 2, 3].map((id) => [id, area(id, 10)]))
    const changed = area(1, 20)
    const after = applied(
      before,
      outcome(
        [
          { id: 1, before: figures(10), after: figures(20) },
          { id: 2, before: figures(10), after: null },
        ],
        [changed],
      ),
    )
    expect([...after.keys()]).toEqual([1, 3])
    expect(after.get(1)).toBe(changed)
    expect(before.size).toBe(3)
  })

  it('tells only the grids that an edit changes', () => {
    const told = changedAt(
      outcome([
        { id: 1, before: figures(10), after: figures(12) },
        { id: 2, before: figures(10, 100), after: figures(10, 100.5) },
        { id: 3, before: null, after: figures(3) },
      ]),
      2,
    )
    expect(told.map(({ id }) => id)).toEqual([1, 3])
  })

  it('measures against the size profile on the lowest level only', () => {
    const plan = { levels: [{ level: 2 }, { level: 3 }], households_min: 20, households_max: 60 }
    expect(profileOf(plan as unknown as Plan, 2)).toBeNull()
    const profile = profileOf(plan as unknown as Plan, 3)
    const off = (households: number, kind = 'comprehensive') => deviationOf({ households, kind }, profile)
    expect([10, 20, 40, 60, 75].map((count) => off(count))).toEqual([-10, 0, 0, 0, 15])
    expect(off(0, 'special'), 'a school of its own').toBe(0)
    const areas = [area(1, 40), area(2, 75), area(3, 5), area(4, 21)]
    expect(ranked(areas, 'worst', profile).map(({ id }) => id)).toEqual([2, 3, 4, 1])
  })

  it('knows what the next undo and redo are about', () => {
    const log = ['redraw', 'split', 'undo'].map((kind, i) => ({ kind, revision: i + 1 }) as LogEntry)
    const { undo, redo } = stepsOf(log)
    expect([undo?.revision, redo?.revision]).toEqual([1, 2])
    expect(stepsOf([...log, { kind: 'merge', revision: 4 } as LogEntry]).redo).toBeNull()
    expect(stepsOf([])).toEqual({ undo: null, redo: null })
  })

  it('lists of a lineage what changed, and no slivers', () => {
    const heir = (old_id: number, new_id: number, share: number): Heir =>
      ({ level: 2, old_id, new_id, share, old_name: 'a', new_name: 'a' }) as Heir
    const lineage = [heir(1, 11, 1), heir(2, 12, 0.6), heir(2, 13, 0.4), heir(2, 11, 0.00001)]
    expect(changedHeirs(lineage, 2).map((row) => row.new_id)).toEqual([12, 13])
  })
})

it('finds the area of a point, and none in a hole', () => {
  const ring = (a: number, b: number) => [[a, a], [b, a], [b, b], [a, b], [a, a]]
  const polygon = { type: 'MultiPolygon' as const, coordinates: [[ring(0, 9), ring(3, 6)]] }
  expect(contains(polygon, [1, 1])).toBe(true)
  expect(contains(polygon, [4, 4])).toBe(false)
  expect(contains(polygon, [10, 4])).toBe(false)
})

it('says refusals in the language of the page', () => {
  const refusal = new Problem(422, 'The line does not split the grid', 'Draw it from edge to edge.')
  expect(problemIn(new Speech('zh'), refusal)).toBe('这条线没有把网格分开。请从一边画到另一边。')
  expect(problemIn(new Speech('en'), refusal)).toBe(
    'The line does not split the grid. Draw it from edge to edge.',
  )
})
