/**
 * Where the name of an area stands: the point that is farthest from its edge.
 *
 * The search halves square cells and follows the most promising one (the idea of Garcia-Castellanos
 * and Lombardo, 2007, in the form that Agafonkin made popular as "polylabel"). Degrees are scaled by
 * the cosine of the latitude first, so that a distance means the same in both directions.
 */

import type { Geometry, Position } from 'geojson'

interface Cell {
  readonly x: number
  readonly y: number
  readonly half: number
  readonly distance: number
  readonly best: number
}

/** The point inside a polygon (the largest, of several) that is farthest from its edge. */
export function innerPoint(
  geometry: Geometry | null,
): [longitude: number, latitude: number] | null {
  const polygon = geometry && largest(geometry)
  const first = polygon?.[0]?.[0]
  if (!polygon || !first) return null
  const squeeze = Math.cos(((first[1] ?? 0) * Math.PI) / 180)
  const rings = polygon.map((ring) => ring.map(([x = 0, y = 0]) => [x * squeeze, y] as const))
  const xs = rings[0]!.map(([x]) => x)
  const ys = rings[0]!.map(([, y]) => y)
  const west = Math.min(...xs)
  const south = Math.min(...ys)
  const width = Math.max(...xs) - west
  const height = Math.max(...ys) - south
  const side = Math.min(width, height)
  if (side === 0) return [west / squeeze, south]

  const precision = side / 60
  const waiting: Cell[] = []
  for (let x = west; x < west + width; x += side) {
    for (let y = south; y < south + height; y += side) {
      waiting.push(cellAt(x + side / 2, y + side / 2, side / 2, rings))
    }
  }
  let found = cellAt(west + width / 2, south + height / 2, 0, rings)
  while (waiting.length > 0) {
    waiting.sort((a, b) => a.best - b.best)
    const cell = waiting.pop()!
    if (cell.distance > found.distance) found = cell
    if (cell.best - found.distance <= precision) continue
    const half = cell.half / 2
    for (const dx of [-half, half]) {
      for (const dy of [-half, half]) {
        waiting.push(cellAt(cell.x + dx, cell.y + dy, half, rings))
      }
    }
  }
  return [found.x / squeeze, found.y]
}

type Rings = readonly (readonly (readonly [number, number])[])[]

function cellAt(x: number, y: number, half: number, rings: Rings): Cell {
  const distance = signedDistance(x, y, rings)
  return { x, y, half, distance, best: distance + half * Math.SQRT2 }
}

/** Distance to the edge, negative outside. */
function signedDistance(x: number, y: number, rings: Rings): number {
  let inside = false
  let nearest = Infinity
  for (const ring of rings) {
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
      const [ax, ay] = ring[i]!
      const [bx, by] = ring[j]!
      if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside
      nearest = Math.min(nearest, squaredToSegment(x, y, ax, ay, bx, by))
    }
  }
  return (inside ? 1 : -1) * Math.sqrt(nearest)
}

function squaredToSegment(
  x: number, y: number, ax: number, ay: number, bx: number, by: number,
): number {
  const dx = bx - ax
  const dy = by - ay
  const length = dx * dx + dy * dy
  const share = length ? Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / length)) : 0
  return (x - ax - share * dx) ** 2 + (y - ay - share * dy) ** 2
}

function largest(geometry: Geometry): Position[][] | null {
  if (geometry.type === 'Polygon') return geometry.coordinates
  if (geometry.type !== 'MultiPolygon') return null
  let best: Position[][] | null = null
  let most = -1
  for (const polygon of geometry.coordinates) {
    const size = Math.abs(ringArea(polygon[0] ?? []))
    if (size > most) [best, most] = [polygon, size]
  }
  return best
}

function ringArea(ring: Position[]): number {
  let sum = 0
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
    const [ax = 0, ay = 0] = ring[j]!
    const [bx = 0, by = 0] = ring[i]!
    sum += ax * by - bx * ay
  }
  return sum / 2
}
