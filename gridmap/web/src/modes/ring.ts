/** A ring is drawn around what somebody is given: press by press, or Space and Enter. */

import type { Spot } from '../api/plans'
import type { Lasso } from '../state/lasso'

import type { Mode } from './mode'

export interface RingActions {
  /** Show the ring that is drawn, up to where the pointer is. */
  sketch(points: readonly Spot[], closed: boolean): void
  /** Pixels between two points of the earth. */
  distance(a: Spot, b: Spot): number
  close(): void
}

/** A press this near to the first or last point ends the ring; half of a finger's target. */
const END_PX = 14

export function ring(lasso: Lasso, actions: RingActions): Mode {
  return {
    name: 'ring',
    input(input) {
      const points = lasso.points.peek()
      if (!points || lasso.isBusy.peek()) return
      if (input.kind === 'hover') {
        if (points.length > 0) actions.sketch([...points, input.at], true)
      } else if (input.kind === 'leave') actions.sketch(points, true)
      else if (input.kind === 'press') {
        const near = (point: Spot | undefined) =>
          point !== undefined && actions.distance(point, input.at) < END_PX
        const ends = input.key ? input.key === 'Enter' : near(points.at(-1)) || near(points[0])
        if (ends && points.length > 2) actions.close()
        else if (!near(points.at(-1))) lasso.points.value = [...points, input.at]
      }
    },
    leave() {
      actions.sketch([], true)
    },
  }
}
