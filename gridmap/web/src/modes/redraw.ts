/** Two grids are chosen; then a line between them becomes their boundary, or they become one. */

import type { Plans } from '../state/desk'
import { withGrid } from '../state/tool'

import type { ToolMode } from './planning'

export function redraw(plans: Plans): ToolMode {
  return { closes: false, choose: (tool, grid) => plans.use(withGrid(tool, grid), false) }
}

/** Nothing is drawn: the consequences are asked for as soon as both are chosen. */
export function merge(plans: Plans): ToolMode {
  return {
    closes: false,
    choose(tool, grid) {
      const next = withGrid(tool, grid)
      plans.use(next, next.grids.length === 2)
    },
  }
}
