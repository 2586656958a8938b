/** An event on the map: every team's grid in its colour, with its name. */

import type { Feature } from 'geojson'

import type { TeamEvent } from '../../api/staff-together'
import { AREA_COLOURS } from '../../map/staffing'
import { valueOf } from '../../state/resource'
import type { Together } from '../../state/staff-together'

const NAME_SIZE = 14
/** Teams that are called after a colour have it; light enough for names in ink. */
const CALLED: readonly (readonly [RegExp, string])[] = [
  [/红/, '#d7263d'],
  [/橙/, '#f08a24'],
  [/黄/, '#e3b505'],
  [/绿/, '#2e933c'],
  [/青/, '#1b9aaa'],
  [/蓝/, '#3066be'],
  [/紫/, '#8a4fff'],
]

export function teamColour({ teams }: TeamEvent, team: string): string {
  const called = CALLED.find(([name]) => name.test(team))
  if (called) return called[1]
  return AREA_COLOURS[teams.findIndex((place) => place.team === team) % AREA_COLOURS.length] ?? '#777'
}

export function ofEvent({ onMap, grids }: Together): Feature[] {
  const event = onMap.value
  if (!event) return []
  const ground = new Map((valueOf(grids.loaded.value)?.items ?? []).map(({ id, geometry }) => [id, geometry]))
  return [
    ...event.teams.flatMap(({ team, grid_id }) => {
      const geometry = ground.get(grid_id)
      const properties = { finds: 'area', colour: teamColour(event, team), strong: true }
      return geometry ? [{ type: 'Feature', properties, geometry } as const] : []
    }),
    ...event.teams.map(({ team, lon, lat }): Feature => ({
      type: 'Feature',
      properties: { finds: 'number', text: team, size: NAME_SIZE },
      geometry: { type: 'Point', coordinates: [lon, lat] },
    })),
  ]
}
