/** What the page asks of the service, one function for each question. */

import { read } from './client'
import type {
  Found,
  GridProperties,
  GroundProperties,
  IncidentProperties,
  Item,
  Located,
  Page,
  Place,
  Properties,
  StyleDocument,
  TerritoryProperties,
} from './nouns'

/** More features than this are not drawn or listed by the page; it says so where it matters. */
export const MOST_FEATURES = 5000
const PAGE = 1000
const MOST_FOUND = 12

/** Features of one question, and how many there are in all. */
export interface Features<P> {
  readonly items: readonly Item<P>[]
  readonly matched: number
}

export async function readPlaces(signal?: AbortSignal): Promise<readonly Place[]> {
  const { places } = await read<{ places: Place[] }>('places', {}, signal)
  return places
}

export function readGrids(
  place: string,
  network: string,
  level: number,
  signal?: AbortSignal,
): Promise<Features<GridProperties>> {
  return readAll<GridProperties>('grids', { place, network, level }, signal)
}

export function readTerritories(
  place: string,
  signal?: AbortSignal,
): Promise<Features<TerritoryProperties>> {
  return readAll<TerritoryProperties>('territories', { place }, signal)
}

export function readLandUse(place: string, signal?: AbortSignal): Promise<Features<GroundProperties>> {
  return readAll<GroundProperties>('land-use', { place }, signal)
}

export function readIncidents(
  place: string,
  signal?: AbortSignal,
): Promise<Features<IncidentProperties>> {
  return readAll<IncidentProperties>('incidents', { place }, signal)
}

export function readItem(
  layer: string,
  id: number,
  signal?: AbortSignal,
): Promise<Item<Properties>> {
  return read<Item<Properties>>(`collections/${layer}/items/${id}`, {}, signal)
}

export function locate(
  longitude: number,
  latitude: number,
  signal?: AbortSignal,
): Promise<Located> {
  return read<Located>('locate', { lon: longitude, lat: latitude, limit: 3 }, signal)
}

/** Find by name or code: what the chosen place has first, then everything else. */
export async function search(
  text: string,
  place: string | null,
  signal?: AbortSignal,
): Promise<readonly Found[]> {
  const ask = (within: string | null) =>
    read<{ results: Found[] }>('search', { q: text, place: within, limit: MOST_FOUND }, signal)
  const answers = await Promise.all(place ? [ask(place), ask(null)] : [ask(null)])
  const found = new Map<string, Found>()
  for (const { results } of answers) {
    for (const item of results) found.set(`${item.layer}/${item.id}`, item)
  }
  return [...found.values()].slice(0, MOST_FOUND)
}

/** One of the service's MapLibre styles, as it is. */
export function readStyle(name: string, signal?: AbortSignal): Promise<StyleDocument> {
  return read<StyleDocument>(`styles/${name}.json`, {}, signal)
}

/** Follow the `next` links of a collection until its end, or until the page has enough. */
async function readAll<P>(
  layer: string,
  filter: Readonly<Record<string, string | number>>,
  signal?: AbortSignal,
): Promise<Features<P>> {
  const items: Item<P>[] = []
  let page = await read<Page<P>>(`collections/${layer}/items`, { ...filter, limit: PAGE }, signal)
  for (;;) {
    items.push(...page.features)
    const next = page.links?.find((link) => link.rel === 'next')
    if (!next || items.length >= MOST_FEATURES) break
    // Links are absolute; the page keeps to the address that it was loaded from.
    const { search: query } = new URL(next.href, document.baseURI)
    page = await read<Page<P>>(`collections/${layer}/items${query}`, {}, signal)
  }
  return { items, matched: page.numberMatched ?? items.length }
}
