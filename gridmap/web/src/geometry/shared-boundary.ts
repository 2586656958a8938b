/** Boundaries that two areas share: finding one under a pointer, and pulling it. */

import type { Position } from 'geojson'

import type { Area, Spot } from '../api/plans'
import { rings } from './rings'

/** A stretch of a boundary that is taken hold of, or a corner where three areas meet. */
export interface Grip {
  /** The two areas on both sides, or all that meet at the corner. */
  readonly areas: readonly number[]
  /** The whole boundary between the two, corner to corner; only the corner itself when it is one. */
  readonly path: readonly Spot[]
  /** Which segment of the path was taken. */
  readonly at: number
  readonly spot: Spot
  readonly isCorner: boolean
}

export interface Boundaries {
  /** What lies within `reach` degrees of latitude of a point: corners before boundaries. */
  find(at: Spot, reach: number): Grip | null
  isCorner(spot: Spot): boolean
}

interface Segment {
  readonly a: Spot
  readonly b: Spot
  readonly owners: number[]
}

/** Index what the areas of an exact coverage share; vertices are equal bit for bit. */
export function boundariesOf(areas: readonly Area[]): Boundaries {
  const segments = new Map<string, Segment>()
  for (const area of areas) {
    for (const ring of rings(area.geometry)) {
      for (let i = 0; i + 1 < ring.length; i += 1) {
        const [a, b] = [spotOf(ring[i]!), spotOf(ring[i + 1]!)]
        const key = keyOf(a) < keyOf(b) ? `${keyOf(a)} ${keyOf(b)}` : `${keyOf(b)} ${keyOf(a)}`
        const known = segments.get(key)
        if (known) known.owners.push(area.id)
        else segments.set(key, { a, b, owners: [area.id] })
      }
    }
  }
  const shared = [...segments.values()].filter(({ owners }) => owners.length === 2)
  const at = new Map<string, Segment[]>()
  for (const segment of shared) {
    for (const end of [segment.a, segment.b]) {
      const key = keyOf(end)
      const known = at.get(key)
      if (known) known.push(segment)
      else at.set(key, [segment])
    }
  }
  const ownersAt = (spot: Spot) => [...new Set((at.get(keyOf(spot)) ?? []).flatMap(({ owners }) => owners))]
  const isCorner = (spot: Spot) => (at.get(keyOf(spot))?.length ?? 0) > 2

  /** Go on from the end of a segment as long as the same two areas are on both sides. */
  const follow = (start: Segment, end: Spot): Spot[] => {
    const path: Spot[] = []
    let [last, spot] = [start, end]
    for (;;) {
      path.push(spot)
      if (isCorner(spot)) return path
      const next = at.get(keyOf(spot))!.find((other) => other !== last)
      if (!next || next === start) return path
      spot = keyOf(next.a) === keyOf(spot) ? next.b : next.a
      last = next
    }
  }

  return {
    isCorner,
    find(spot, reach) {
      const stretch = 1 / Math.cos((spot[1] * Math.PI) / 180)
      let best: Segment | null = null
      let least = reach
      let corner: Spot | null = null
      let nearest = reach
      for (const segment of shared) {
        const { a, b } = segment
        if (Math.min(a[1], b[1]) - reach > spot[1] || Math.max(a[1], b[1]) + reach < spot[1]) continue
        const far = apart(spot, onSegment(spot, a, b, stretch), stretch)
        if (far < least) [best, least] = [segment, far]
        for (const end of [a, b]) {
          const gap = apart(spot, end, stretch)
          if (gap < nearest && isCorner(end)) [corner, nearest] = [end, gap]
        }
      }
      if (corner && ownersAt(corner).length > 2) {
        return { areas: ownersAt(corner), path: [corner], at: 0, spot: corner, isCorner: true }
      }
      if (!best) return null
      const before = follow(best, best.a).reverse()
      const isRing = keyOf(before[0]!) === keyOf(best.b)
      const path = isRing ? [...before, best.b] : [...before, ...follow(best, best.b)]
      return {
        areas: best.owners,
        path,
        at: before.length - 1,
        spot: onSegment(spot, best.a, best.b, stretch),
        isCorner: false,
      }
    },
  }
}

export function keyOf(spot: Spot): string {
  return `${spot[0]},${spot[1]}`
}

export function spotOf(position: Position): Spot {
  return [position[0]!, position[1]!]
}

/** Distance in degrees of latitude; `stretch` is how many of longitude make one of latitude. */
export function apart(a: Spot, b: Spot, stretch: number): number {
  return Math.hypot((a[0] - b[0]) / stretch, a[1] - b[1])
}

function onSegment(spot: Spot, a: Spot, b: Spot, stretch: number): Spot {
  const [x, y] = [(b[0] - a[0]) / stretch, b[1] - a[1]]
  const along = ((spot[0] - a[0]) / stretch) * x + (spot[1] - a[1]) * y
  const share = Math.min(1, Math.max(0, along / (x * x + y * y || 1)))
  return [a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])]
}
