import { describe, expect, it } from 'vitest'

import type { Area, Spot } from '../src/api/plans'
import { pull } from '../src/geometry/pull'
import { boundariesOf } from '../src/geometry/shared-boundary'
import { anew, editOf, isDrawing, pulledTool, takeTool } from '../src/state/tool'

/** Three areas: two side by side, one above both; about 100 m a side at the equator. */
const STEP = 0.001
const ring = (...points: [number, number][]) => [...points, points[0]!].map(([x, y]) => [x * STEP, y * STEP])
const area = (id: number, ...points: [number, number][]): Area =>
  ({ type: 'Feature', id, geometry: { type: 'Polygon', coordinates: [ring(...points)] }, properties: {} }) as unknown as Area

const west = area(1, [0, 0], [1, 0], [1, 1], [1, 2], [0, 2])
const east = area(2, [1, 0], [2, 0], [2, 2], [1, 2], [1, 1])
const north = area(3, [0, 2], [1, 2], [2, 2], [2, 3], [0, 3])
const boundaries = boundariesOf([west, east, north])
const at = (x: number, y: number): Spot => [x * STEP, y * STEP]

const ringOf = (geometry: unknown) => (geometry as { coordinates: number[][][] }).coordinates[0]!
const size = (geometry: unknown) => {
  const points = ringOf(geometry)
  return points.slice(1).reduce((sum, [x, y], i) => sum + (points[i]![0]! * y! - x! * points[i]![1]!) / 2, 0) / STEP ** 2
}

describe('a shared boundary', () => {
  it('is found from one corner to the other, with the areas on both sides', () => {
    const grip = boundaries.find(at(1.02, 0.5), 0.1 * STEP)!
    expect([...grip.areas].sort()).toEqual([1, 2])
    expect(grip.path.map(([, y]) => y / STEP).sort()).toEqual([0, 1, 2])
    expect(grip.spot[0]).toBeCloseTo(STEP, 9)
  })

  it('is not found beside the outline, nor far away', () => {
    expect(boundaries.find(at(0, 1), 0.1 * STEP)).toBeNull()
    expect(boundaries.find(at(1.5, 1), 0.1 * STEP)).toBeNull()
  })

  it('is pulled with both areas following, and none of the ground lost', () => {
    const grip = boundaries.find(at(1, 1), 0.05 * STEP)!
    const pulled = pull(grip, at(1.3, 1), boundaries)
    expect(pulled.line).toHaveLength(3)
    const [one, other] = [pulled.reshape(west.geometry!), pulled.reshape(east.geometry!)]
    expect(size(one)).toBeGreaterThan(2)
    expect(size(one) + size(other)).toBeCloseTo(4, 6)
    expect(pulled.reshape(north.geometry!)).toEqual(north.geometry)
  })
})

describe('a corner', () => {
  it('is found before the boundaries that end there, and moves all three areas', () => {
    const grip = boundaries.find(at(1.02, 1.99), 0.1 * STEP)!
    expect(grip.isCorner).toBe(true)
    expect([...grip.areas].sort()).toEqual([1, 2, 3])
    const pulled = pull(grip, at(1.1, 1.9), boundaries)
    const sizes = [west, east, north].map(({ geometry }) => size(pulled.reshape(geometry!)))
    expect(sizes[0]! + sizes[1]! + sizes[2]!).toBeCloseTo(6, 6)
    expect(sizes[2]).toBeGreaterThan(2)
  })
})

describe('a pulled tool', () => {
  it('is an edit at once, and the boundary tool again when it is refused', () => {
    const line: Spot[] = [[1, 1], [2, 2], [3, 3]]
    const side = pulledTool([7, 8], false, line)
    expect(isDrawing(side)).toBe(false)
    expect(editOf(side)).toEqual({ kind: 'redraw', grids: [7, 8], line })
    expect(anew(side)).toEqual(takeTool('redraw', []))
    expect(editOf(pulledTool([7, 8, 9], true, [[1, 1], [2, 2]], 3))).toEqual({
      kind: 'node', level: 3, node: [1, 1], to: [2, 2],
    })
  })
})

describe('ways of a tool', () => {
  it('say what is sent', () => {
    const split = takeTool('split', [7])
    expect(editOf({ ...split, way: 'parts', parts: 3 })).toEqual({ kind: 'split', grid: 7, parts: 3 })
    expect(editOf({ ...split, way: 'streets' })).toEqual({ kind: 'split', grid: 7, streets: true })
    const give = { ...takeTool('lasso', [7]), points: [[1, 2]] as Spot[] }
    expect(editOf({ ...give, way: 'block' })).toEqual({ kind: 'transfer', to: 7, block: [1, 2] })
    expect(editOf({ ...give, way: 'building' })).toBeNull()
    expect(editOf({ ...give, way: 'building', thing: 5 })).toEqual({ kind: 'transfer', to: 7, building: 5 })
    expect(editOf({ ...give, way: 'micro' })).toBeNull()
    expect(editOf({ ...give, way: 'micro', thing: 9 })).toEqual({ kind: 'transfer', to: 7, grid: 9 })
    const school = { ...takeTool('special', [], 2), way: 'ground' as const, points: [[1, 2]] as Spot[], thing: 4, name: '第一小学' }
    expect(editOf(school)).toEqual({ kind: 'special', level: 2, name: '第一小学', land_use: 4 })
    const special = { ...takeTool('special', [], 2), points: [[0, 0], [1, 0], [1, 1]] as Spot[] }
    expect(editOf(special)).toBeNull()
    expect(editOf({ ...special, name: '第一小学' })).toMatchObject({ kind: 'special', level: 2, name: '第一小学' })
  })
})
