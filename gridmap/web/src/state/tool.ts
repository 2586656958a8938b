/** A tool of the planner on its way: grids are chosen, then a line or a ring is drawn. */

import type { Edit, Spot } from '../api/plans'

export const TOOLS = ['redraw', 'split', 'merge', 'lasso'] as const
export type ToolKind = (typeof TOOLS)[number]

export interface Tool {
  readonly kind: ToolKind
  readonly grids: readonly number[]
  readonly points: readonly Spot[]
}

interface Need {
  readonly grids: number
  /** The fewest points of what is drawn; 0 draws nothing. */
  readonly points: number
}

const NEEDS: Readonly<Record<ToolKind, Need>> = {
  redraw: { grids: 2, points: 2 },
  split: { grids: 1, points: 2 },
  merge: { grids: 2, points: 0 },
  lasso: { grids: 1, points: 3 },
}

/** Take a tool; what is selected already counts as chosen, up to what the tool needs. */
export function takeTool(kind: ToolKind, selected: readonly number[]): Tool {
  // A pair that is complete at once would be merged before anybody has said which one stays.
  const most = kind === 'merge' ? 1 : NEEDS[kind].grids
  return { kind, grids: selected.slice(0, most), points: [] }
}

/** Whether all grids are chosen and points are wanted. */
export function isDrawing({ kind, grids }: Tool): boolean {
  return NEEDS[kind].points > 0 && grids.length >= NEEDS[kind].grids
}

/** Choose a grid, or let go of one that is chosen. */
export function withGrid(tool: Tool, grid: number): Tool {
  const grids = tool.grids.includes(grid)
    ? tool.grids.filter((item) => item !== grid)
    : [...tool.grids, grid].slice(0, NEEDS[tool.kind].grids)
  return { ...tool, grids }
}

export function withPoint(tool: Tool, point: Spot): Tool {
  return { ...tool, points: [...tool.points, point] }
}

/** Without the last point; without the last grid when there is no point. */
export function withoutLast(tool: Tool): Tool {
  return tool.points.length > 0
    ? { ...tool, points: tool.points.slice(0, -1) }
    : { ...tool, grids: tool.grids.slice(0, -1) }
}

/** The edit that a tool stands for, as soon as it has all that it needs. */
export function editOf({ kind, grids, points }: Tool): Edit | null {
  const [first, second] = grids
  if (first === undefined || points.length < NEEDS[kind].points) return null
  if (kind === 'split') return { kind, grid: first, line: points }
  if (kind === 'lasso') return { kind: 'transfer', to: first, lasso: points }
  if (second === undefined) return null
  if (kind === 'merge') return { kind, grids: [second], into: first }
  return { kind, grids: [first, second], line: points }
}
