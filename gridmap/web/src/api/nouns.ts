/** The nouns as the service sends them. */

import type { Feature, FeatureCollection, Geometry } from 'geojson'

import type { Bounds } from '../geometry/bounds'
import type { SelectableLayer } from '../state/view'

export interface Named {
  readonly name: string
  readonly name_en: string | null
}

export interface Level extends Named {
  readonly level: number
  readonly count: number
}

export interface Network extends Named {
  readonly key: string
  readonly authoritative: boolean
  readonly levels: readonly Level[]
}

export interface Place extends Named {
  readonly key: string
  readonly code: string | null
  readonly bbox: Bounds | null
  readonly counts: Readonly<Record<string, number>>
  readonly networks: readonly Network[]
}

export interface GridProperties extends Named {
  readonly place: string
  readonly network: string
  readonly level: number
  readonly code: string
  readonly kind: string
  readonly parent: string | null
  readonly households: number
  readonly residents: number
  readonly buildings: number
  readonly dossiers: number
  readonly area_m2: number
}

export interface TerritoryProperties extends Named {
  readonly place: string | null
  readonly code: string
  readonly kind: string
  readonly parent: string | null
}

export interface GroundProperties extends Named {
  readonly place: string | null
  readonly kind: string
}

export interface IncidentProperties {
  readonly place: string | null
  readonly code: string | null
  readonly category: string
  readonly severity: number
  readonly channel: string
  readonly state: string
  readonly title: string | null
  readonly reported_at: string
  readonly due_at: string | null
  readonly closed_at: string | null
}

export type Properties = Readonly<Record<string, unknown>>

export type Item<P> = Feature<Geometry, P> & { readonly id: number }

export interface Page<P> extends Omit<FeatureCollection<Geometry, P>, 'features'> {
  readonly features: Item<P>[]
  readonly numberMatched?: number
  readonly links?: readonly { readonly rel: string; readonly href: string }[]
}

export interface Found extends Named {
  readonly layer: SelectableLayer
  readonly id: number
  readonly code: string | null
  readonly place: string | null
  readonly lon: number
  readonly lat: number
  readonly bbox: Bounds | null
}

export interface LocatedArea extends Named {
  readonly id: number
  readonly code: string
}

export interface Target {
  readonly kind: string
  readonly code: string | null
  readonly name: string
  readonly name_en: string | null
  readonly network?: string
  readonly level?: number
}

export interface Responsible {
  readonly role: string
  readonly role_name: string
  readonly role_name_en: string | null
  readonly name: string
  readonly target: Target
}

export interface NearPoint extends Named {
  readonly id: number
  readonly category: string
  readonly distance_m: number
}

/** Everything that is known of one point: the chain of areas, who is responsible, what is near. */
export interface Located {
  readonly territory: LocatedArea | null
  readonly territories: readonly LocatedArea[]
  readonly grids: Readonly<Record<string, Readonly<Record<string, LocatedArea>>>>
  readonly building: (LocatedArea & { readonly address: string | null }) | null
  readonly responsible: readonly Responsible[]
  readonly resource_points: readonly NearPoint[]
}

/** A MapLibre style; only the map looks deeper into it. */
export interface StyleDocument {
  readonly version: number
  readonly name: string
  readonly metadata: Readonly<Record<string, unknown>>
  readonly sources: Readonly<Record<string, object>>
  readonly layers: readonly object[]
}
