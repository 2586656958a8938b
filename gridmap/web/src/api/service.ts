/** What the page asks of the service, one function for each question. */

import type { SelectableLayer } from '../state/view'

import { get, type Answer } from './client'
import type {
  Features,
  Found,
  GridProperties,
  IncidentProperties,
  Item,
  LandUseProperties,
  Located,
  Place,
  Properties,
  StyleDocument,
  TerritoryProperties,
} from './nouns'

/** More features than this are not drawn or listed by the page; it says so where it matters. */
export const MOST_FEATURES = 5000
const PAGE = 1000
const MOST_FOUND = 12

export async function readPlaces(signal?: AbortSignal): Promise<readonly Place[]> {
  const { places } = await get('/places', {}, signal)
  return places
}

export function readGrids(
  place: string,
  network: string,
  level: number,
  signal?: AbortSignal,
  day: string | null = null,
): Promise<Features<GridProperties>> {
  return readAll('grids', { place, network, level, ...(day ? { datetime: day } : {}) }, signal)
}

export function readTerritories(
  place: string,
  signal?: AbortSignal,
): Promise<Features<TerritoryProperties>> {
  return readAll('territories', { place }, signal)
}

export function readLandUse(
  place: string,
  signal?: AbortSignal,
): Promise<Features<LandUseProperties>> {
  return readAll('land-use', { place }, signal)
}

export function readIncidents(
  place: string,
  signal?: AbortSignal,
): Promise<Features<IncidentProperties>> {
  return readAll('incidents', { place }, signal)
}

export async function readItem(
  layer: SelectableLayer,
  id: number,
  signal?: AbortSignal,
): Promise<Item<Properties>> {
  const path = `/collections/${layer}/items/{id}` as const
  return (await get(path, { id }, signal)) as Item<Properties>
}

/** Everything that is known of one point: the chain of areas, who is responsible, what is near. */
export function locate(
  longitude: number,
  latitude: number,
  signal?: AbortSignal,
  day: string | null = null,
): Promise<Located> {
  return get('/locate', { lon: longitude, lat: latitude, limit: 3, at: day }, signal)
}

/** Find by name or code: what the chosen place has first, then everything else. */
export async function search(
  text: string,
  place: string | null,
  signal?: AbortSignal,
): Promise<readonly Found[]> {
  const ask = (within: string | null) =>
    get('/search', { q: text, place: within, limit: MOST_FOUND }, signal)
  const answers = await Promise.all(place ? [ask(place), ask(null)] : [ask(null)])
  const found = new Map<string, Found>()
  for (const { results } of answers) {
    for (const item of results) found.set(`${item.layer}/${item.id}`, item)
  }
  return [...found.values()].slice(0, MOST_FOUND)
}

/** One of the service's MapLibre styles, as it is. */
export async function readStyle(name: string, signal?: AbortSignal): Promise<StyleDocument> {
  return (await get('/styles/{name}.json', { name }, signal)) as StyleDocument
}

type ListedLayer = 'territories' | 'grids' | 'incidents' | 'land-use'
type PropertiesOf<L extends ListedLayer> =
  Answer<`/collections/${L}/items`>['features'][number]['properties']

/** Follow the `next` links of a collection until its end, or until the page has enough. */
async function readAll<L extends ListedLayer>(
  layer: L,
  filter: Readonly<Record<string, string | number>>,
  signal?: AbortSignal,
): Promise<Features<PropertiesOf<L>>> {
  const path = `/collections/${layer}/items` as const
  const items: Item<PropertiesOf<L>>[] = []
  let query: Record<string, string | number> = { ...filter, limit: PAGE }
  for (;;) {
    const page = (await get(path, query, signal)) as Answer<'/collections/grids/items'>
    items.push(...(page.features as unknown as Item<PropertiesOf<L>>[]))
    const next = page.links.find((link) => link.rel === 'next')
    if (!next || items.length >= MOST_FEATURES) return { items, matched: page.numberMatched }
    // Links are absolute; the page keeps to the address that it was loaded from.
    query = Object.fromEntries(new URL(next.href, document.baseURI).searchParams)
  }
}
