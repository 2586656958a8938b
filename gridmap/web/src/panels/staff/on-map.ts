/** What of staffing the map shows: an open post, a proposal, loads, a lasso, or compact areas. */

import type { Feature, FeatureCollection, Geometry } from 'geojson'

import type { Change } from '../../api/staffing'
import { AREA_COLOURS, LOAD_COLOURS, WAY_COLOURS } from '../../map/staffing'
import { withNeeded } from '../../state/chains'
import type { Data } from '../../state/data'
import { valueOf } from '../../state/resource'
import { classOf, measured, type Desk } from '../../state/staff-desk'
import type { Together } from '../../state/staff-together'
import type { Staffing } from '../../state/staffing'

import { ofEvent } from './event-on-map'

type Spot = readonly [longitude: number, latitude: number]

export function findingsOfStaffing(
  staffing: Staffing,
  desk: Desk,
  data: Data,
  together: Together,
): FeatureCollection {
  const post = staffing.vacancy.value
  if (post) {
    const ground = staffing.shape.value
    const here = pointOf([post.lon, post.lat], true)
    return collection(ground ? [finding('outline', ground), here] : [here])
  }
  if (staffing.proposal.value) return collection(ofProposal(staffing))
  switch (desk.sheet.value) {
    case 'loads':
      return collection(ofLoads(desk, data))
    case 'lasso':
      return collection(ofLasso(desk, data))
    case 'areas':
      return collection(ofAreas(desk))
    case 'events':
      return collection(ofEvent(together))
    default:
      return collection([])
  }
}

/** Arrows from where somebody serves now, or lives, to the post that they would take. */
function ofProposal(staffing: Staffing): Feature[] {
  const { changes = [], empty = [] } = staffing.proposal.value ?? {}
  const pointed = staffing.pointed.value
  const shown = pointed === null ? staffing.taken.value : withNeeded(changes, [pointed])
  const chosen = changes.filter((_, i) => shown.has(i))
  return [
    ...chosen.flatMap(wayOf),
    ...chosen.map(({ lon, lat }) => pointOf([lon, lat], false)),
    ...empty.map(({ lon, lat }) => pointOf([lon, lat], true)),
  ]
}

function wayOf({ origin, lon, lat }: Change): Feature[] {
  if (!origin) return []
  return arrow(origin.at, [lon, lat], WAY_COLOURS[origin.kind === 'post' ? 'moved' : 'new'])
}

function arrow(from: Spot, to: Spot, colour: string): Feature[] {
  if (from[0] === to[0] && from[1] === to[1]) return []
  // Seen from the ground, a degree of longitude is shorter than one of latitude.
  const east = (to[0] - from[0]) * Math.cos((to[1] * Math.PI) / 180)
  const bearing = (Math.atan2(east, to[1] - from[1]) * 180) / Math.PI
  const middle = [from[0] + (to[0] - from[0]) * 0.6, from[1] + (to[1] - from[1]) * 0.6]
  return [
    finding('way', { type: 'LineString', coordinates: [[...from], [...to]] }, { colour }),
    finding('head', { type: 'Point', coordinates: middle }, { bearing, colour }),
  ]
}

/** Grids that are shown by what their holder carries; other posts as points. */
function ofLoads(desk: Desk, data: Data): Feature[] {
  const [loads, classes] = [valueOf(desk.loads.loaded.value), desk.classes.value]
  if (!loads || !classes) return []
  const people = new Map(loads.people.map((person) => [person.staff_id, person]))
  const valueFor = (staffId: number): number | null => {
    const person = people.get(staffId)
    return person ? measured(person, desk.measure.value) : null
  }
  const most = new Map<number, number>()
  for (const post of desk.posts.value) {
    const value = valueFor(post.staff_id)
    if (post.kind === 'grid' && value !== null) {
      most.set(post.target_id, Math.max(most.get(post.target_id) ?? 0, value))
    }
  }
  const grids = (valueOf(data.grids.loaded.value)?.items ?? []).flatMap(({ id, geometry }) => {
    const value = most.get(id)
    return geometry && value !== undefined ? [finding('load', geometry, { colour: colourOf(classOf(classes, value)) })] : []
  })
  const points = desk.posts.value
    .filter(({ kind }) => kind !== 'grid')
    .flatMap((post) => {
      const value = valueFor(post.staff_id)
      if (value === null) return []
      const at: Geometry = { type: 'Point', coordinates: [post.lon, post.lat] }
      return [finding('spot', at, { colour: colourOf(classOf(classes, value)) })]
    })
  const shown = desk.shown.value
  const home = shown === null ? null : (people.get(shown)?.home ?? null)
  const ways = home
    ? loads.posts
        .filter((post) => post.staff_id === shown)
        .flatMap((post) => [
          ...arrow(home, [post.lon, post.lat], WAY_COLOURS.new),
          pointOf([post.lon, post.lat], false),
        ])
    : []
  return [...grids, ...points, ...ways, ...(home ? [pointOf(home, true)] : [])]
}

function colourOf(number: number): string {
  return LOAD_COLOURS[Math.min(number, LOAD_COLOURS.length - 1)]!
}

function ofLasso({ lasso }: Desk, data: Data): Feature[] {
  const ring = lasso.ring.value
  if (!ring) return []
  const taken = lasso.taken.value
  const line = { type: 'LineString', coordinates: [...ring, ring[0]!].map((spot) => [...spot]) } as const
  const all: readonly { id: number; geometry: Geometry | null }[] =
    lasso.kind.value === 'grid'
      ? (valueOf(data.grids.loaded.value)?.items ?? [])
      : (lasso.targets.value ?? [])
  const inside = all.filter(({ id }) => taken.has(id))
  return [
    ...inside.flatMap(({ geometry }) => (geometry ? [finding('area', geometry, { colour: WAY_COLOURS.new, strong: true })] : [])),
    finding('outline', line),
  ]
}

function ofAreas(desk: Desk): Feature[] {
  const found = valueOf(desk.areas.loaded.value)
  if (!found) return []
  const colour = (number: number) => AREA_COLOURS[(number - 1) % AREA_COLOURS.length]!
  return [
    ...found.areas.map((area) => finding('area', area.geometry, { colour: colour(area.number) })),
    ...found.points.map(({ lon, lat, area }) =>
      finding('spot', { type: 'Point', coordinates: [lon, lat] }, { colour: colour(area) }),
    ),
    ...found.areas.map(({ centre, number }) =>
      finding('number', { type: 'Point', coordinates: [...centre] }, { text: String(number) }),
    ),
  ]
}

function pointOf(coordinates: readonly number[], open: boolean): Feature {
  return finding('post', { type: 'Point', coordinates: [...coordinates] }, { open })
}

function finding(finds: string, geometry: Geometry, more: object = {}): Feature {
  return { type: 'Feature', properties: { finds, ...more }, geometry }
}

function collection(features: Feature[]): FeatureCollection {
  return { type: 'FeatureCollection', features }
}
