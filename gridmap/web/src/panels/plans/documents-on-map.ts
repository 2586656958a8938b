/** What of the review and of the comparison the map shows. */

import type { Feature, FeatureCollection } from 'geojson'

import type { CrossingLook } from '../../map/crossing'
import type { DocumentLook } from '../../map/documents'
import type { Look } from '../../map/look'
import { NO_FEATURES } from '../../map/look'
import { namesOf } from '../../map/names'
import type { Plans } from '../../state/desk'
import type { Documents } from '../../state/documents'
import { ofLevel, profileOf } from '../../state/draft'
import { figureOf } from '../../state/figures'
import { valueOf } from '../../state/resource'
import { straddling } from '../../state/straddling'

/** Comments with their numbers, the one that is being pinned, and the land that moves. */
export function lookOfDocuments(documents: Documents, plans: Plans): DocumentLook | null {
  if (!plans.open.value) return null
  const level = plans.level.value
  const moved = valueOf(documents.beside.loaded.value)?.comparison.moved.features ?? []
  return {
    comments: commentsOf(documents),
    moved: {
      type: 'FeatureCollection',
      features: moved.filter((feature) => feature.properties?.['level'] === level),
    },
  }
}

function commentsOf(documents: Documents): FeatureCollection {
  const said = valueOf(documents.comments.loaded.value) ?? []
  const points = said.flatMap(({ lon, lat, resolved }, i): Feature[] =>
    lon === null || lat === null ? [] : [point([lon, lat], String(i + 1), resolved)],
  )
  const pin = documents.pin.value
  if (pin && pin !== 'waiting') points.push(point([...pin], '+', false))
  return { type: 'FeatureCollection', features: points }
}

function point(coordinates: number[], number: string, resolved: boolean): Feature {
  return { type: 'Feature', properties: { number, resolved }, geometry: { type: 'Point', coordinates } }
}

/** The network that the shown one is laid over, and the grids of both that do not fit. */
export function lookOfCrosswalk(documents: Documents): CrossingLook | null {
  const found = valueOf(documents.crosswalk.loaded.value)
  if (!found) return null
  const ids = (grids: readonly { readonly id: number }[]) => grids.map(({ id }) => id)
  const { network, level } = found.other
  return { network, level, uncovered: ids(found.uncovered), cut: ids(straddling(found)) }
}

/** The look of the second map: the plan beside in the place of the open one. */
export function lookBeside(look: Look, documents: Documents, plans: Plans): Look {
  const beside = valueOf(documents.beside.loaded.value)
  if (!beside || !plans.open.value) return look
  const level = plans.level.value
  const figure = plans.figure.value
  const profile = profileOf(beside.comparison.old, level)
  // By the figure and the classes of the open plan, so that one colour means one thing on both sides.
  const areas = beside.areas.map((area) => ({
    ...area,
    properties: { ...area.properties, figure: figureOf(area, figure, profile) ?? 0 },
  }))
  return {
    ...look,
    gridNames: namesOf(ofLevel(new Map(areas.map((area) => [area.id, area])), level)),
    selected: null,
    selection: null,
    documents: null,
    plan: {
      areas: { type: 'FeatureCollection', features: areas },
      preview: NO_FEATURES,
      places: NO_FEATURES,
      offers: NO_FEATURES,
      classes: look.plan?.classes ?? null,
    },
  }
}
