/** A boundary is taken hold of and pulled, by mouse, finger or keyboard; its neighbours follow. */

import type { Feature } from 'geojson'

import type { Area, Spot } from '../api/plans'
import { pull, type Pull } from '../geometry/pull'
import { boundariesOf, type Boundaries, type Grip } from '../geometry/shared-boundary'
import type { Plans } from '../state/desk'
import { pulledTool, type Tool } from '../state/tool'

export interface PullActions {
  /** Draw what is held and how its neighbours would be; nothing removes it. */
  trace(features: readonly Feature[]): void
  distance(a: Spot, b: Spot): number
  cursor(kind: 'grab' | 'grabbing' | null): void
  /** Where it is held, to tell what that would mean; nothing when it is let go of. */
  hold(tool: Tool | null): void
}

export interface Puller {
  /** Show what is under the pointer; true when something is. */
  hover(at: Spot, reach: number): boolean
  grab(at: Spot, reach: number): boolean
  drag(at: Spot): void
  drop(at: Spot): void
  cancel(): void
  readonly holds: boolean
}

/** Nearer than this to where it was taken, nothing was pulled. */
const LEAST_PX = 4

export function puller(plans: Plans, actions: PullActions): Puller {
  let known: { areas: readonly Area[]; boundaries: Boundaries } | null = null
  let held: Grip | null = null
  let isShown = false

  const toolOf = (grip: Grip, pulled: Pull): Tool =>
    pulledTool(grip.areas, grip.isCorner, pulled.line, plans.level.peek() ?? 0)
  const boundaries = (): Boundaries => {
    const areas = plans.areas.peek()
    if (known?.areas !== areas) known = { areas, boundaries: boundariesOf(areas) }
    return known.boundaries
  }
  const find = (at: Spot, reach: number): Grip | null => {
    const pixel = 1e-5 / actions.distance(at, [at[0], at[1] + 1e-5])
    return boundaries().find(at, reach * pixel)
  }
  const clear = () => {
    if (isShown) actions.trace([])
    isShown = false
  }
  const stop = () => {
    held = null
    plans.isHolding.value = false
    actions.hold(null)
    actions.cursor(null)
    clear()
  }
  const show = (grip: Grip, pulled: Pull | null) => {
    isShown = true
    actions.trace([...neighbours(plans, grip, pulled), ...marks(grip, pulled)])
  }

  return {
    get holds() {
      return held !== null
    },
    hover(at, reach) {
      const grip = find(at, reach)
      actions.cursor(grip ? 'grab' : null)
      if (grip) show(grip, null)
      else clear()
      return grip !== null
    },
    grab(at, reach) {
      held = find(at, reach)
      plans.isHolding.value = held !== null
      if (!held) return false
      actions.cursor('grabbing')
      show(held, null)
      return true
    },
    drag(at) {
      if (!held) return
      const pulled = pull(held, at, boundaries())
      show(held, pulled)
      actions.hold(toolOf(held, pulled))
    },
    drop(at) {
      const grip = held
      if (!grip) return
      stop()
      if (actions.distance(grip.spot, at) < LEAST_PX) return
      plans.use(toolOf(grip, pull(grip, at, boundaries())), true)
    },
    cancel: stop,
  }
}

/** The areas beside a pulled boundary, as they would be. */
function neighbours(plans: Plans, grip: Grip, pulled: Pull | null): Feature[] {
  if (!pulled) return []
  return plans.areas.peek().flatMap((area): Feature[] =>
    grip.areas.includes(area.id) && area.geometry
      ? [{ type: 'Feature', properties: { part: 'area' }, geometry: pulled.reshape(area.geometry) }]
      : [],
  )
}

function marks({ path, spot, isCorner }: Grip, pulled: Pull | null): Feature[] {
  const line = (points: readonly Spot[], part: string): Feature[] =>
    points.length > 1
      ? [{ type: 'Feature', properties: { part }, geometry: { type: 'LineString', coordinates: points.map((p) => [...p]) } }]
      : []
  const at = pulled ? pulled.line[1]! : spot
  const dot: Feature = { type: 'Feature', properties: { part: 'grip' }, geometry: { type: 'Point', coordinates: [...at] } }
  if (!pulled) return [...line(path, 'held'), dot]
  return [...line(pulled.old, 'old'), ...(isCorner ? [] : line(pulled.line, 'held')), dot]
}
