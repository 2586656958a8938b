/** What of staffing the map shows: the post that is open, or who would walk how far. */

import type { Feature, FeatureCollection, Geometry } from 'geojson'

import type { Staffing } from '../../state/staffing'

export function findingsOfStaffing(staffing: Staffing): FeatureCollection {
  const post = staffing.vacancy.value
  const proposal = staffing.proposal.value
  if (post) {
    const ground = staffing.shape.value
    const here = pointOf([post.lon, post.lat], true)
    return collection(ground ? [finding('outline', ground), here] : [here])
  }
  const taken = staffing.taken.value
  const chosen = (proposal?.changes ?? []).filter((_, i) => taken.has(i))
  return collection([
    ...chosen.flatMap(({ home, lon, lat }) =>
      home ? [finding('walk', { type: 'LineString', coordinates: [[...home], [lon, lat]] })] : [],
    ),
    ...chosen.map(({ lon, lat }) => pointOf([lon, lat], false)),
    ...(proposal?.empty ?? []).map(({ lon, lat }) => pointOf([lon, lat], true)),
  ])
}

function pointOf(coordinates: number[], open: boolean): Feature {
  return finding('post', { type: 'Point', coordinates }, { open })
}

function finding(finds: string, geometry: Geometry, more: object = {}): Feature {
  return { type: 'Feature', properties: { finds, ...more }, geometry }
}

function collection(features: Feature[]): FeatureCollection {
  return { type: 'FeatureCollection', features }
}
