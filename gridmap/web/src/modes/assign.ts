/** A person is carried from the list onto the map, by mouse or finger, and gets the post there. */

import type { Spot } from '../api/plans'
import type { Candidate } from '../api/staffing'
import type { Staffing } from '../state/staffing'

export interface AssignActions {
  /** The point of the earth under a point of the window; nothing beside the map. */
  spotAt(x: number, y: number): Spot | null
  /** Pixels between two points of the earth. */
  distance(a: Spot, b: Spot): number
}

export interface Carry {
  start(person: Candidate, x: number, y: number): void
  move(x: number, y: number): void
  /** Let go: on the area the post is given, elsewhere on the map it is said where to. */
  drop(): void
  cancel(): void
}

/** A post without an area of its own is as large as a fingertip. */
const REACH_PX = 30

export function assign(staffing: Staffing, actions: AssignActions): Carry {
  const isOver = (spot: Spot | null): boolean =>
    spot !== null && staffing.covers(spot, (post) => actions.distance(spot, post) < REACH_PX)
  return {
    start(person, x, y) {
      staffing.carried.value = { person, x, y, over: false }
    },
    move(x, y) {
      const carried = staffing.carried.peek()
      if (carried) staffing.carried.value = { ...carried, x, y, over: isOver(actions.spotAt(x, y)) }
    },
    drop() {
      const carried = staffing.carried.peek()
      staffing.carried.value = null
      if (!carried) return
      if (carried.over) void staffing.assign(carried.person)
      else if (actions.spotAt(carried.x, carried.y)) staffing.miss()
    },
    cancel() {
      staffing.carried.value = null
    },
  }
}
