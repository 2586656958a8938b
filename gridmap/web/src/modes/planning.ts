/** A plan is open: a press selects one of its grids, or goes to the tool that is in hand. */

import type { Area, Spot } from '../api/plans'
import { contains } from '../geometry/inside-area'
import type { Handle, Input } from '../map/input'
import type { Plans } from '../state/desk'
import { isDrawing, isPressed, needOf, withGrid, type Tool } from '../state/tool'

import type { Mode } from './mode'
import { puller, type PullActions } from './pull'

export interface PlanningActions extends PullActions {
  highlight(handle: Handle | null): void
  /** Show the line that is drawn, up to where the pointer is. */
  sketch(points: readonly Spot[], closed: boolean): void
}

/** A press this near to the last point ends the line; half of a finger's target. */
const END_PX = 14
const REACH_PX = { mouse: 7, touch: 22, keyboard: 22 }

export function planning(plans: Plans, actions: PlanningActions): Mode {
  const pull = puller(plans, actions)
  const areaAt = (at: Spot): Area | undefined =>
    plans.areas.peek().find((area) => contains(area.geometry, at))
  const isFree = () => plans.isEditable.peek() && !plans.preview.peek() && !plans.isBusy.peek()
  /** A boundary can be pulled with no tool in hand, or before the grids of a new one are chosen. */
  const mayPull = (touch: boolean) => {
    const tool = plans.tool.peek()
    if (!isFree() || (tool && (tool.kind !== 'redraw' || tool.grids.length > 1))) return false
    return tool !== null || !touch
  }

  const choose = (tool: Tool, grid: number) => {
    const next = withGrid(tool, grid)
    const need = needOf(next)
    const isComplete = need.points === 0 && next.grids.length === need.grids
    plans.use(next, isComplete && next.way !== 'parts')
  }

  const draw = (tool: Tool, at: Spot, key: string | undefined) => {
    const last = tool.points.at(-1)
    const ends = key ? key === 'Enter' : last && actions.distance(last, at) < END_PX
    if (isPressed(tool)) void plans.point(at)
    else if (ends && tool.points.length > 1) plans.use(tool, true)
    else if (!last || actions.distance(last, at) >= 1) plans.use({ ...tool, points: [...tool.points, at] }, false)
  }

  const press = (at: Spot, key: string | undefined) => {
    if (plans.preview.peek() || plans.isBusy.peek()) return
    if (pull.holds) return pull.drop(at)
    const tool = plans.tool.peek()
    if (key && tool && mayPull(true) && pull.grab(at, REACH_PX.keyboard)) return
    const area = areaAt(at)
    if (!tool) plans.selected.value = plans.selected.peek() === area?.id ? null : (area?.id ?? null)
    else if (isDrawing(tool)) draw(tool, at, key)
    else if (area) choose(tool, area.id)
  }

  const hover = (input: Input & { kind: 'hover' }) => {
    const tool = plans.tool.peek()
    if (tool && isDrawing(tool) && !plans.preview.peek()) {
      actions.highlight(null)
      if (tool.points.length > 0) actions.sketch([...tool.points, input.at], closes(tool))
      return
    }
    const isOver = mayPull(false) && pull.hover(input.at, REACH_PX.mouse)
    const hit = input.hit?.handle
    actions.highlight(!isOver && hit?.source === 'plan' ? hit : null)
  }

  return {
    name: 'planning',
    input(input) {
      const tool = plans.tool.peek()
      if (pull.holds && !isFree()) pull.cancel()
      if (input.kind === 'press') press(input.at, input.key)
      else if (input.kind === 'grab') {
        actions.highlight(null)
        return mayPull(input.touch) && pull.grab(input.at, input.touch ? REACH_PX.touch : REACH_PX.mouse)
      } else if (input.kind === 'drag') pull.drag(input.at)
      else if (input.kind === 'drop') pull.drop(input.at)
      else if (input.kind === 'cancel') pull.cancel()
      else if (input.kind === 'moved') {
        if (!plans.isHolding.peek()) pull.cancel()
        else pull.drag(input.at)
      } else if (input.kind === 'hover') {
        if (!pull.holds) hover(input)
      } else {
        actions.highlight(null)
        // The line ends where it was pressed, no longer where the pointer was.
        if (tool && !plans.preview.peek() && !pull.holds) actions.sketch(tool.points, closes(tool))
      }
      return false
    },
    leave() {
      pull.cancel()
      actions.highlight(null)
    },
  }
}

/** Whether the drawn line is closed to a ring. */
export function closes({ way }: Tool): boolean {
  return way === 'ring'
}
