/** A boundary that is pulled to a point: the line that it becomes, and both areas beside it. */

import type { Geometry, Position } from 'geojson'

import type { Spot } from '../api/plans'
import { withRings } from './rings'
import { apart, keyOf, spotOf, type Boundaries, type Grip } from './shared-boundary'

/** How much of the boundary follows on either side, in lengths of the pull. */
const SWING = 1.5
/** About 20 m, in degrees of latitude: less would make a spike. */
const LEAST = 0.00018

export interface Pull {
  /** What the boundary becomes between its two anchors. */
  readonly line: readonly Spot[]
  /** The stretch that it replaces. */
  readonly old: readonly Spot[]
  /** What an area beside it becomes. */
  reshape(geometry: Geometry): Geometry
}

export function pull(grip: Grip, to: Spot, boundaries: Boundaries): Pull {
  const stretch = 1 / Math.cos((to[1] * Math.PI) / 180)
  const swing = Math.max(SWING * apart(grip.spot, to, stretch), LEAST)
  return grip.isCorner ? pullCorner(grip, to, boundaries, swing, stretch) : pullSide(grip, to, swing, stretch)
}

function pullSide({ path, at, spot }: Grip, to: Spot, swing: number, stretch: number): Pull {
  const [back, behind] = walk(path.slice(0, at + 1).reverse(), spot, swing, stretch)
  const [ahead, before] = walk(path.slice(at + 1), spot, swing, stretch)
  const inner = [...behind.reverse(), ...before]
  const from = path[at - behind.length] ?? null
  const until = path[at + 1 + before.length] ?? null
  return {
    line: [back, to, ahead],
    old: [back, ...inner, ahead],
    reshape: (geometry) =>
      withRings(geometry, (ring) => replaced(ring, inner, from, until, [back, to, ahead])),
  }
}

/** From a spot along vertices: the anchor, and the vertices that lie before it. */
function walk(vertices: readonly Spot[], start: Spot, swing: number, stretch: number): [Spot, Spot[]] {
  const passed: Spot[] = []
  let [last, left] = [start, swing]
  for (const vertex of vertices) {
    const step = apart(last, vertex, stretch)
    if (step > left) {
      const share = left / step
      return [[last[0] + share * (vertex[0] - last[0]), last[1] + share * (vertex[1] - last[1])], passed]
    }
    left -= step
    last = vertex
    passed.push(vertex)
  }
  passed.pop() // the corner itself is the anchor and stays
  return [last, passed]
}

/** A ring in which a stretch is another one, in whichever direction the ring runs. */
function replaced(
  ring: Position[],
  inner: readonly Spot[],
  from: Spot | null,
  until: Spot | null,
  line: readonly Spot[],
): Position[] {
  const open = ring.slice(0, -1).map(spotOf)
  const keys = open.map(keyOf)
  for (const forward of [true, false]) {
    const [stretch, path] = forward ? [inner, line] : [[...inner].reverse(), [...line].reverse()]
    const [first, last] = forward ? [from, until] : [until, from]
    const begin = stretch[0] ?? last
    const at = begin ? keys.indexOf(keyOf(begin)) : -1
    if (at < 0) continue
    const before = keys[(at + keys.length - 1) % keys.length]
    const second = stretch[1] ?? last
    const after = keys[(at + 1) % keys.length]
    const fits = first ? before === keyOf(first) : second && after === keyOf(second)
    if (!fits) continue
    const turned = [...open.slice(at), ...open.slice(0, at)].slice(stretch.length)
    const made = [...path, ...turned].map((spot): Position => [...spot])
    return [...made, made[0]!]
  }
  return ring
}

function pullCorner(grip: Grip, to: Spot, boundaries: Boundaries, swing: number, stretch: number): Pull {
  const corner = keyOf(grip.spot)
  return {
    line: [grip.spot, to],
    old: [],
    reshape: (geometry) =>
      withRings(geometry, (ring) => {
        const open = ring.slice(0, -1).map(spotOf)
        const at = open.findIndex((spot) => keyOf(spot) === corner)
        if (at < 0) return ring
        const turned = [...open.slice(at + 1), ...open.slice(0, at)]
        const drop = (spots: readonly Spot[]): number => {
          let [count, far, last] = [0, 0, grip.spot]
          for (const spot of spots) {
            far += apart(last, spot, stretch)
            if (far >= swing || boundaries.isCorner(spot)) break
            count += 1
            last = spot
          }
          return Math.min(count, spots.length - 2)
        }
        const ahead = drop(turned)
        const behind = drop([...turned].reverse())
        const kept = turned.slice(ahead, Math.max(turned.length - behind, ahead + 2))
        const made = [to, ...kept].map((spot): Position => [...spot])
        return [...made, made[0]!]
      }),
  }
}
