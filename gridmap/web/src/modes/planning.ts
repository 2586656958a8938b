/** A plan is open: a press selects one of its grids, or goes to the tool that is in hand. */

import type { Area, Spot } from '../api/plans'
import { contains } from '../geometry/inside-area'
import type { Handle } from '../map/input'
import type { Plans } from '../state/desk'
import { isDrawing, type Tool } from '../state/tool'

import { lasso } from './lasso'
import { merge, redraw } from './redraw'
import { split } from './split'
import type { Mode } from './mode'

/** What a tool does with a press and with the end of a drawing. */
export interface ToolMode {
  /** A press on a grid, while grids are chosen. */
  choose(tool: Tool, grid: number): void
  /** Whether the drawn line is closed to a ring. */
  readonly closes: boolean
}

export interface PlanningActions {
  highlight(handle: Handle | null): void
  /** Show the line that is drawn, up to where the pointer is. */
  sketch(points: readonly Spot[], closed: boolean): void
  /** Pixels between two points of the earth. */
  distance(a: Spot, b: Spot): number
}

/** A press this near to the last point ends the line; half of a finger's target. */
const END_PX = 14

export function planning(plans: Plans, actions: PlanningActions): Mode {
  const tools = { redraw: redraw(plans), split: split(plans), merge: merge(plans), lasso: lasso(plans) }
  const areaAt = (at: Spot): Area | undefined =>
    plans.areas.peek().find((area) => contains(area.geometry, at))

  const press = (at: Spot, key: string | undefined) => {
    if (plans.preview.peek() || plans.isBusy.peek()) return
    const tool = plans.tool.peek()
    const area = areaAt(at)
    if (!tool) plans.selected.value = plans.selected.peek() === area?.id ? null : (area?.id ?? null)
    else if (!isDrawing(tool)) {
      if (area) tools[tool.kind].choose(tool, area.id)
    } else {
      const last = tool.points.at(-1)
      const ends = key ? key === 'Enter' : last && actions.distance(last, at) < END_PX
      if (ends && tool.points.length > 1) plans.use(tool, true)
      else if (!last || actions.distance(last, at) >= 1) {
        plans.use({ ...tool, points: [...tool.points, at] }, false)
      }
    }
  }

  return {
    name: 'planning',
    input(input) {
      const tool = plans.tool.peek()
      if (input.kind === 'leave') {
        actions.highlight(null)
        // The line ends where it was pressed, no longer where the pointer was.
        if (tool && !plans.preview.peek()) actions.sketch(tool.points, tools[tool.kind].closes)
        return
      }
      if (input.kind === 'press') press(input.at, input.key)
      else if (tool && isDrawing(tool) && !plans.preview.peek()) {
        actions.highlight(null)
        if (tool.points.length > 0) actions.sketch([...tool.points, input.at], tools[tool.kind].closes)
      } else {
        const hit = input.hit?.handle
        actions.highlight(hit?.source === 'plan' ? hit : null)
      }
    },
    leave() {
      actions.highlight(null)
    },
  }
}
