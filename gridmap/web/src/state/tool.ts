/** A tool of the planner on its way: grids are chosen, then something is drawn or pressed. */

import type { Edit, Spot } from '../api/plans'

export const TOOLS = ['redraw', 'split', 'merge', 'lasso', 'special'] as const
export type ToolKind = (typeof TOOLS)[number]

/** The ways of working with a tool, the usual one first. */
export const WAYS = {
  redraw: ['line'],
  split: ['line', 'streets', 'parts'],
  merge: ['press'],
  lasso: ['ring', 'brush', 'block', 'building', 'micro'],
  special: ['ring', 'building', 'ground'],
} as const satisfies Record<ToolKind, readonly string[]>
export type Way = (typeof WAYS)[ToolKind][number]

export interface Tool {
  readonly kind: ToolKind
  readonly way: Way
  readonly grids: readonly number[]
  readonly points: readonly Spot[]
  /** How many parts a grid is split into. */
  readonly parts: number
  /** A drawn line is laid onto the streets that it runs along. */
  readonly along: boolean
  /** A brush takes whole blocks. */
  readonly blocks: boolean
  /** The building, micro-grid or land use that was pressed. */
  readonly thing: number | null
  /** Name of a special grid. */
  readonly name: string
  /** The level that a special grid or a corner is of. */
  readonly level: number
  /** What was pulled on the map, in the place of a drawing. */
  readonly pulled: 'side' | 'corner' | null
}

/** Grids to choose, and the fewest points to draw; 0 draws nothing. */
interface Need {
  readonly grids: number
  readonly points: number
}

const GRIDS: Readonly<Record<ToolKind, number>> = { redraw: 2, split: 1, merge: 2, lasso: 1, special: 0 }
const POINTS: Readonly<Record<Way, number>> = {
  line: 2, brush: 2, ring: 3, block: 1, building: 1, micro: 1, ground: 1, streets: 0, parts: 0, press: 0,
}

export function needOf({ kind, way }: Tool): Need {
  return { grids: GRIDS[kind], points: POINTS[way] }
}

/** Take a tool; what is selected already counts as chosen, up to what the tool needs. */
export function takeTool(kind: ToolKind, selected: readonly number[], level = 0): Tool {
  // A pair that is complete at once would be merged before anybody has said which one stays.
  const most = kind === 'merge' ? 1 : GRIDS[kind]
  return {
    kind, way: WAYS[kind][0], grids: selected.slice(0, most), points: [], parts: 2, along: false, blocks: false,
    thing: null, name: '', level, pulled: null,
  }
}

/** A boundary or corner that was pulled: as if its line had been drawn. */
export function pulledTool(
  areas: readonly number[], isCorner: boolean, points: readonly Spot[], level = 0,
): Tool {
  return {
    ...takeTool('redraw', [], level), points, grids: isCorner ? [] : areas, pulled: isCorner ? 'corner' : 'side',
  }
}

/** Whether all grids are chosen and points are wanted. */
export function isDrawing(tool: Tool): boolean {
  const { grids, points } = needOf(tool)
  return points > 0 && tool.grids.length >= grids && !tool.pulled
}

/** Whether a drawing ends with its first point. */
export function isPressed({ way }: Tool): boolean {
  return POINTS[way] === 1
}

/** Choose a grid, or let go of one that is chosen. */
export function withGrid(tool: Tool, grid: number): Tool {
  const grids = tool.grids.includes(grid)
    ? tool.grids.filter((item) => item !== grid)
    : [...tool.grids, grid].slice(0, GRIDS[tool.kind])
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

/** The tool again after its consequences were refused. */
export function anew(tool: Tool): Tool {
  if (tool.pulled) return takeTool('redraw', [], tool.level)
  if (tool.kind === 'merge') return { ...tool, grids: tool.grids.slice(0, 1) }
  return { ...tool, points: [], thing: null }
}

/** The edit that a tool stands for, as soon as it has all that it needs. */
export function editOf(tool: Tool): Edit | null {
  const { kind, way, points, level } = tool
  const [first, second] = tool.grids
  if (tool.pulled === 'corner') {
    const [node, to] = points
    return node && to ? { kind: 'node', level, node, to } : null
  }
  if (tool.grids.length < GRIDS[kind] || points.length < POINTS[way]) return null
  if (kind === 'special') {
    const name = tool.name.trim()
    if (!name) return null
    if (way === 'building') return tool.thing ? { kind, level, name, building: tool.thing } : null
    if (way === 'ground') return tool.thing ? { kind, level, name, land_use: tool.thing } : null
    return { kind, level, name, area: points }
  }
  if (first === undefined) return null
  if (kind === 'split') {
    if (way === 'streets') return { kind, grid: first, streets: true }
    if (way === 'parts') return { kind, grid: first, parts: tool.parts }
    return { kind, grid: first, line: points, ...alongOf(tool) }
  }
  if (kind === 'lasso') return givenBy(tool, first)
  if (second === undefined) return null
  if (kind === 'merge') return { kind, grids: [second], into: first }
  return { kind, grids: [first, second], line: points, ...alongOf(tool) }
}

function givenBy({ way, points, thing, blocks }: Tool, to: number): Edit | null {
  if (way === 'brush') return { kind: 'paint', to, line: points, width_m: 6, ...(blocks ? { blocks } : {}) }
  if (way === 'block') return { kind: 'transfer', to, block: points[0]! }
  if (way === 'building') return thing ? { kind: 'transfer', to, building: thing } : null
  if (way === 'micro') return thing ? { kind: 'transfer', to, grid: thing } : null
  return { kind: 'transfer', to, lasso: points }
}

function alongOf({ along }: Tool): { along_streets?: true } {
  return along ? { along_streets: true } : {}
}
