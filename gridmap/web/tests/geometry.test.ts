import type { Polygon } from 'geojson'
import { describe, expect, it } from 'vitest'

import { boundsOf, middleOf, union } from '../src/geometry/bounds'
import { classify, ranges } from '../src/geometry/classes'
import { innerPoint } from '../src/geometry/inside'

const polygon = (...rings: [number, number][][]): Polygon => ({ type: 'Polygon', coordinates: rings })

describe('bounds', () => {
  it('hold every position of every kind of geometry', () => {
    const line = { type: 'LineString' as const, coordinates: [[1, 2], [3, -4]] }
    const point = { type: 'Point' as const, coordinates: [9, 9] }
    expect(boundsOf({ type: 'GeometryCollection', geometries: [line, point] })).toEqual([1, -4, 9, 9])
    expect(boundsOf({ type: 'MultiPolygon', coordinates: [] })).toBeNull()
  })

  it('are joined, and have a middle', () => {
    expect(union([0, 0, 1, 1], [2, -1, 3, 0])).toEqual([0, -1, 3, 1])
    expect(middleOf([0, -1, 3, 1])).toEqual([1.5, 0])
  })
})

describe('the point of a name', () => {
  it('is the middle of a square', () => {
    const [x, y] = innerPoint(polygon([[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]))!
    expect(x).toBeCloseTo(0.5, 1)
    expect(y).toBeCloseTo(0.5, 1)
  })

  it('lies in the leg of an L, not in its empty corner', () => {
    const [x, y] = innerPoint(
      polygon([[0, 0], [4, 0], [4, 1], [1, 1], [1, 4], [0, 4], [0, 0]]),
    )!
    expect(x <= 1 || y <= 1).toBe(true)
    expect(Math.min(x, y)).toBeGreaterThan(0.3)
  })

  it('keeps out of a hole', () => {
    const [x, y] = innerPoint(
      polygon(
        [[0, 0], [10, 0], [10, 10], [0, 10], [0, 0]],
        [[1, 1], [7, 1], [7, 7], [1, 7], [1, 1]],
      ),
    )!
    expect(x > 7 || y > 7).toBe(true)
  })

  it('is in the largest part of several', () => {
    const small = [[[0, 0], [1, 0], [1, 1], [0, 0]]]
    const large = [[[50, 0], [60, 0], [60, 10], [50, 10], [50, 0]]]
    const [x] = innerPoint({ type: 'MultiPolygon', coordinates: [small, large] })!
    expect(x).toBeGreaterThan(50)
  })

  it('ends on a needle and on an empty area', () => {
    expect(innerPoint(polygon([[0, 0], [0, 1], [0, 0]]))).not.toBeNull()
    expect(innerPoint({ type: 'MultiPolygon', coordinates: [] })).toBeNull()
  })
})

describe('classes of households', () => {
  const spread = Array.from({ length: 93 }, (_, i) => 100 + i)

  it('have round breaks and about the same number of grids each', () => {
    const { breaks } = classify(spread, 5)!
    expect(breaks).toHaveLength(4)
    const sizes = ranges({ breaks, least: 100, most: 192 }).map(
      ({ from, to }) => spread.filter((value) => value >= from && value <= to).length,
    )
    expect(sizes.reduce((a, b) => a + b)).toBe(93)
    expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThan(6)
  })

  it('are fewer where the values hardly differ, and none without values', () => {
    expect(classify([7, 7, 7], 5)).toEqual({ breaks: [], least: 7, most: 7 })
    expect(classify([271, 271, 542], 5)!.breaks.length).toBeLessThanOrEqual(1)
    expect(classify([], 5)).toBeNull()
  })

  it('never leave a value outside', () => {
    for (const values of [[1, 2, 3], [0, 0, 0, 900], [10313], spread]) {
      const made = ranges(classify(values, 5)!)
      expect(made[0]!.from).toBe(Math.min(...values))
      expect(made.at(-1)!.to).toBe(Math.max(...values))
      made.slice(1).forEach((range, i) => expect(range.from).toBe(made[i]!.to + 1))
    }
  })
})
