/** What is read from the service for the view: each question once, aborted when it is overtaken. */

import { computed, type ReadonlySignal } from '@preact/signals'

import { Problem } from '../api/client'
import type {
  Features,
  GridProperties,
  IncidentProperties,
  Item,
  LandUseProperties,
  Level,
  Located,
  Network,
  Place,
  Properties,
  TerritoryProperties,
} from '../api/nouns'
import {
  locate,
  readGrids,
  readIncidents,
  readItem,
  readLandUse,
  readPlaces,
  readTerritories,
} from '../api/service'
import { innerPoint } from '../geometry/inside'
import { classify, type Classes } from '../geometry/classes'

import { resource, valueOf, type Resource } from './resource'
import type { Store } from './store'
import type { Selection } from './view'

export const HOUSEHOLD_CLASSES = 5

/** The network and level that are shown, after the defaults of the place. */
export interface Cut {
  readonly place: Place
  readonly network: Network
  readonly level: Level
}

/** What was selected, and everything that is known of the point that it stands on. */
export interface Detail {
  readonly selection: Selection
  readonly item: Item<Properties>
  readonly point: readonly [longitude: number, latitude: number] | null
  readonly located: Located | null
}

export interface Data {
  readonly places: Resource<readonly Place[]>
  /** The chosen place; nothing while the overview is shown or places are not read yet. */
  readonly place: ReadonlySignal<Place | null>
  readonly cut: ReadonlySignal<Cut | null>
  readonly grids: Resource<Features<GridProperties>>
  readonly classes: ReadonlySignal<Classes | null>
  readonly territories: Resource<Features<TerritoryProperties>>
  readonly landUse: Resource<Features<LandUseProperties>>
  readonly incidents: Resource<Features<IncidentProperties>>
  readonly detail: Resource<Detail>
}

const ROOMS_OF_INCIDENTS: readonly string[] = ['incidents', 'hotspots']

export function createData({ view }: Store): Data {
  const places = resource<'all', readonly Place[]>(
    () => 'all',
    (_, signal) => readPlaces(signal),
  )
  // Each a signal of its own: what is read does not hang on where the camera stands.
  const key = computed(() => view.value.place)
  const network = computed(() => view.value.network)
  const level = computed(() => view.value.level)
  const day = computed(() => view.value.day ?? null)
  const place = computed(
    () => valueOf(places.loaded.value)?.find((item) => item.key === key.value) ?? null,
  )
  const cut = computed(() => cutOf(place.value, network.value, level.value))
  const grids = resource(
    () =>
      cut.value && {
        place: cut.value.place.key,
        network: cut.value.network.key,
        level: cut.value.level.level,
        day: day.value,
      },
    (asked, signal) => readGrids(asked.place, asked.network, asked.level, signal, asked.day),
  )
  const territories = resource(
    () => place.value?.key ?? null,
    (key, signal) => readTerritories(key, signal),
  )
  const landUse = resource(
    () => place.value?.key ?? null,
    (key, signal) => readLandUse(key, signal),
  )
  const incidents = resource(
    () => (ROOMS_OF_INCIDENTS.includes(view.value.room) ? (place.value?.key ?? null) : null),
    (key, signal) => readIncidents(key, signal),
  )
  const detail = resource(
    () => view.value.selection && { ...view.value.selection, day: day.value },
    ({ day: asked, ...selection }, signal) => readDetail(selection, asked, signal),
  )
  const classes = computed(() => {
    const items = valueOf(grids.loaded.value)?.items
    return items ? classify(items.map((item) => item.properties.households), HOUSEHOLD_CLASSES) : null
  })
  return { places, place, cut, grids, classes, territories, landUse, incidents, detail }
}

/** The asked network and level of a place, or the ones that it is best known by. */
export function cutOf(place: Place | null, network: string | null, level: number | null): Cut | null {
  if (!place) return null
  const networks = place.networks.filter((item) => item.levels.length > 0)
  const chosen =
    networks.find((item) => item.key === network) ??
    networks.find((item) => item.authoritative) ??
    networks[0]
  if (!chosen) return null
  const shown =
    chosen.levels.find((item) => item.level === level) ??
    chosen.levels.find((item) => item.level === 2) ??
    chosen.levels.at(-1)
  return shown ? { place, network: chosen, level: shown } : null
}

async function readDetail(selection: Selection, day: string | null, signal: AbortSignal): Promise<Detail> {
  const item = await readItem(selection.layer, selection.id, signal)
  const point = pointOf(item)
  try {
    const located = point ? await locate(point[0], point[1], signal, day) : null
    return { selection, item, point, located }
  } catch (error) {
    // A point outside every territory is still a thing with properties of its own.
    if (error instanceof Problem && error.status === 404) {
      return { selection, item, point, located: null }
    }
    throw error
  }
}

function pointOf(item: Item<Properties>): readonly [number, number] | null {
  const { geometry } = item
  if (geometry?.type === 'Point') {
    const [longitude = 0, latitude = 0] = geometry.coordinates
    return [longitude, latitude]
  }
  return innerPoint(geometry)
}
