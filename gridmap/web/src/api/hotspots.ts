/** What the page asks of hotspots: a question for an id, and by the id everything that it answers. */

import type { Feature, Geometry } from 'geojson'

import type { Bounds } from '../geometry/bounds'
import type { Language } from '../state/view'
import type { Asked } from '../state/question'

import { addressOf, read, send } from './client'

export type Said = Readonly<Record<Language, string>>

export interface Shown {
  readonly class: number
  readonly count?: number
  readonly name?: string
  /** Of a cube: counts of each step, with commas; and h, c or a dot for each step. */
  readonly counts?: string
  readonly steps?: string
}

export type Cell = Feature<Geometry, Shown & Readonly<Record<string, unknown>>> & {
  readonly id: number
}

export interface Hotspot {
  readonly members: readonly number[]
  readonly incidents: number
  readonly expected: number | null
  readonly class: number
  readonly words: Said
  readonly centre: readonly [number, number]
  readonly radius_m: number
  readonly bbox: Bounds
  readonly geometry: Geometry
  /** Days; nothing where the whole window is meant. */
  readonly from: string | null
  readonly to: string | null
  readonly incident_ids: readonly number[]
}

export type Entry = Said & {
  readonly class: number
  readonly colour: string
  /** Of classes of rising values: from which value on. */
  readonly least?: number
}

/** Bands of distance (rows) and delay (columns); times as many as by chance. */
export interface NearRepeat {
  readonly distances_m: readonly number[]
  readonly delays_days: readonly number[]
  readonly observed: readonly (readonly number[])[]
  readonly ratio: readonly (readonly (number | null)[])[]
  readonly q: readonly (readonly (number | null)[])[]
}

/** What was used where nothing was told; metres and days. */
export interface Settled {
  readonly bandwidth_m?: number
  readonly radius_m?: number
  readonly delay_days?: number
  readonly least_points?: number
}

export interface HotspotAnswer {
  readonly id: string
  readonly method: string
  readonly incidents: number
  /** Metres; none where nothing was counted in cells. */
  readonly cell_size_m: number | null
  readonly question: { readonly begins: string; readonly ends: string }
  readonly summary: Said
  readonly explanation: Said
  readonly legend: readonly Entry[]
  readonly features: readonly Cell[]
  readonly hotspots: readonly Hotspot[]
  /** Seven days from Monday, 24 hours each. */
  readonly clock: readonly (readonly number[])[]
  /** Twelve months of the year from January. */
  readonly months: readonly number[]
  readonly calendar: { readonly first: string; readonly counts: readonly number[] } | null
  /** Of a cube: the days on which steps begin, and the end. */
  readonly steps?: readonly string[]
  readonly near_repeat?: NearRepeat
  readonly settled?: Settled
}

export interface Scores {
  readonly summary: Said
  readonly methods: readonly {
    readonly method: string
    readonly hit_rate: number
    readonly pai: number
    readonly pei: number
    readonly recapture: number | null
  }[]
}

export interface Placement {
  readonly summary: Said
  readonly places: readonly {
    readonly rank: number
    readonly lon: number
    readonly lat: number
    readonly gains: number
  }[]
}

export interface Series {
  readonly months: readonly string[]
  readonly grids: readonly {
    readonly id: number
    readonly code: string
    readonly name: string
    readonly exact: readonly number[]
    readonly by_lineage: readonly number[]
  }[]
}

/** Ask a question; what comes back is remembered by the service under its id. */
export async function readHotspots(asked: Asked, signal?: AbortSignal): Promise<HotspotAnswer> {
  const { id } = await send<{ readonly id: string }>('hotspots', asked, '')
  return read(`hotspots/${id}`, {}, signal)
}

export function readScores(id: string, signal?: AbortSignal): Promise<Scores> {
  return read(`hotspots/${id}/scores`, {}, signal)
}

export function readPlacement(
  { id, count, reach }: { readonly id: string; readonly count: number; readonly reach: number },
  signal?: AbortSignal,
): Promise<Placement> {
  return read(`hotspots/${id}/placement`, { count, reach }, signal)
}

export function readSeries(id: string, signal?: AbortSignal): Promise<Series> {
  return read(`hotspots/${id}/series`, {}, signal)
}

export const FILES = ['geojson', 'gpkg', 'pdf', 'html'] as const

export function fileOf(id: string, f: (typeof FILES)[number], lang: Language): string {
  return addressOf(`hotspots/${id}/file`, { f, lang })
}
