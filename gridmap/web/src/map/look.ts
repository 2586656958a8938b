/** What the map shall look like, apart from the style that the service gives. */

import type { FeatureCollection, Geometry } from 'geojson'

import type { Place } from '../api/nouns'
import type { Classes } from '../geometry/classes'
import type { Language, Theme } from '../state/view'

import type { CrossingLook } from './crossing'
import type { DocumentLook } from './documents'
import type { PlanLook } from './plan'

export interface Look {
  readonly language: Language
  readonly themes: ReadonlySet<Theme>
  /** Network and level of the grids that are shown; none shows no grids. */
  readonly network: string | null
  readonly level: number | null
  readonly classes: Classes | null
  readonly places: readonly Place[]
  /** One point for the name of each grid; without them the tiles' own labels are used. */
  readonly gridNames: FeatureCollection | null
  readonly territoryNames: FeatureCollection | null
  readonly landUseNames: FeatureCollection | null
  /** Its name goes before all others. */
  readonly selected: number | null
  readonly selection: Geometry | null
  /** An open plan, in the place of the published grids. */
  readonly plan?: PlanLook | null
  /** Comments on the open plan, and land that changes hands. */
  readonly documents?: DocumentLook | null
  /** Another network over the shown one. */
  readonly crossing?: CrossingLook | null
  /** The day whose plans the tiles show; none is today. */
  readonly day?: string | null
  /** What the room found: cells, outlines, ways and posts. */
  readonly findings?: FeatureCollection
}

export const NO_FEATURES: FeatureCollection = { type: 'FeatureCollection', features: [] }
