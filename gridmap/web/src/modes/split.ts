/** One grid is chosen, and a line through it drawn. */

import type { Plans } from '../state/desk'
import { withGrid } from '../state/tool'

import type { ToolMode } from './planning'

export function split(plans: Plans): ToolMode {
  return { closes: false, choose: (tool, grid) => plans.use(withGrid(tool, grid), false) }
}
