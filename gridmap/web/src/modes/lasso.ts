/** One grid is chosen; the blocks inside a drawn ring are given to it. */

import type { Plans } from '../state/desk'
import { withGrid } from '../state/tool'

import type { ToolMode } from './planning'

export function lasso(plans: Plans): ToolMode {
  return { closes: true, choose: (tool, grid) => plans.use(withGrid(tool, grid), false) }
}
