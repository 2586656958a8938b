/** What the tool in hand offers to be pressed: micro-grids to give, grounds to make special grids of. */

import type { Item, LandUseProperties } from '../api/nouns'
import { readBuildingAt, type Plan, type Spot } from '../api/plans'
import { contains } from '../geometry/inside-area'

import { ofLevel, type OpenPlan } from './draft'
import type { Tool } from './tool'

/** An area that can be pressed, with its name where it has one. */
export interface Offer {
  readonly id: number
  readonly geometry: Item<unknown>['geometry']
  readonly name: string | null
}

export type LandUse = readonly Item<LandUseProperties>[]

/** Land use that is looked after as a whole, and so becomes a special grid. */
const SPECIAL: ReadonlySet<string> = new Set([
  'school', 'hospital', 'park', 'square', 'government', 'industrial', 'commercial',
])

/** The level below one, of which whole grids can change hands; nothing at the lowest. */
export function levelBelow({ levels }: Plan, level: number): number | null {
  const below = levels.map((item) => item.level).filter((item) => item > level)
  return below.length > 0 ? Math.min(...below) : null
}

export function offersOf(tool: Tool | null, open: OpenPlan | null, landUse: LandUse): readonly Offer[] {
  if (!tool || !open) return []
  if (tool.way === 'ground') {
    return landUse
      .filter(({ properties }) => SPECIAL.has(properties.kind ?? ''))
      .map(({ id, geometry, properties }) => ({ id, geometry, name: properties.name ?? null }))
  }
  if (tool.way !== 'micro' || tool.grids.length === 0) return []
  const below = levelBelow(open.plan, tool.level)
  return ofLevel(open.areas, below)
    .filter(({ properties }) => properties.parent_id !== tool.grids[0])
    .map(({ id, geometry, properties }) => ({ id, geometry, name: properties.name }))
}

/** The tool with what was pressed; nothing where the pressed point has no such thing. */
export async function pressedAt(tool: Tool, at: Spot, offers: readonly Offer[]): Promise<Tool | null> {
  const pressed = { ...tool, points: [at] }
  if (tool.way === 'building') {
    const thing = await readBuildingAt(at).catch(() => null)
    return thing === null ? null : { ...pressed, thing }
  }
  if (tool.way !== 'micro' && tool.way !== 'ground') return pressed
  const offer = offers.find(({ geometry }) => geometry !== null && contains(geometry, at))
  // A school that was pressed brings its name along.
  return offer ? { ...pressed, thing: offer.id, name: tool.name.trim() || (offer.name ?? '') } : null
}
