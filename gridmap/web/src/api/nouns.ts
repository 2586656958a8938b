/** The nouns as the service sends them, by the names that the page calls them. */

import type { Feature, Geometry } from 'geojson'

import type { components } from './schema'

type Schemas = components['schemas']

/** A thing with a Chinese name, and perhaps an English one. */
export interface Named {
  readonly name: string | null
  readonly name_en: string | null
}

export type Place = Schemas['Place']
export type Network = Schemas['Network']
export type Level = Network['levels'][number]
export type GridProperties = Schemas['GridsFeature']['properties']
export type TerritoryProperties = Schemas['TerritoriesFeature']['properties']
export type LandUseProperties = Schemas['LandUseFeature']['properties']
export type IncidentProperties = Schemas['IncidentsFeature']['properties']
export type Found = Schemas['SearchResult']
export type Located = Schemas['Located']
export type LocatedArea = Schemas['LocatedTerritory'] | Schemas['LocatedGrid']
export type Responsible = Schemas['Responsible']
export type NearPoint = Schemas['NearPoint']

/** Properties of a thing of any layer. */
export type Properties = Readonly<Record<string, unknown>>

/** A feature of a layer; a grid that was just cut may not have its shape yet. */
export type Item<P> = Feature<Geometry | null, P> & { readonly id: number }

/** Features of one question, and how many there are in all. */
export interface Features<P> {
  readonly items: readonly Item<P>[]
  readonly matched: number
}

/** A MapLibre style; only the map looks deeper into it. */
export interface StyleDocument {
  readonly version: number
  readonly name: string
  readonly metadata: Readonly<Record<string, unknown>>
  readonly sources: Readonly<Record<string, object>>
  readonly layers: readonly object[]
}
