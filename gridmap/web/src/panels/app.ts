/** What every panel works with. */

import type { ReadonlySignal } from '@preact/signals'
import { createContext } from 'preact'
import { useContext } from 'preact/hooks'

import type { Bounds } from '../geometry/bounds'
import type { Speech } from '../i18n/language'
import type { Legend } from '../map/legend'
import type { Carry } from '../modes/assign'
import type { Data } from '../state/data'
import type { Plans } from '../state/desk'
import type { Documents } from '../state/documents'
import type { Live } from '../state/live'
import type { Hotspots } from '../state/hotspots'
import type { Partition } from '../state/partition'
import type { Desk } from '../state/staff-desk'
import type { Together } from '../state/staff-together'
import type { Staffing } from '../state/staffing'
import type { Store } from '../state/store'
import type { Language, Selection } from '../state/view'

/** What a person can do from a panel; each one has its visible result in the view. */
export interface Actions {
  openPlace(key: string | null): void
  /** Select a thing; with bounds, also go there. */
  select(selection: Selection | null, bounds?: Bounds | null): void
  goTo(bounds: Bounds): void
  /** Show the whole place, or all places. */
  fit(): void
  zoomBy(steps: number): void
  speak(language: Language): void
  /** Read again what failed. */
  retryMap(): void
  focusMap(): void
  /** Offer the map as it is seen, as a PNG. */
  savePicture(name: string): void
}

export type MapState = 'loading' | 'ready' | 'failed' | 'no-webgl'

export interface App {
  readonly store: Store
  readonly data: Data
  readonly plans: Plans
  readonly partition: Partition
  readonly documents: Documents
  /** Figures while a boundary is pulled. */
  readonly live: Live
  readonly staffing: Staffing
  readonly desk: Desk
  readonly together: Together
  readonly hotspots: Hotspots
  /** Carries people onto the map. */
  readonly carry: Carry
  readonly speech: ReadonlySignal<Speech>
  readonly legend: ReadonlySignal<Legend | null>
  readonly mapState: ReadonlySignal<MapState>
  /** Something that the map shows is still being read. */
  readonly isReading: ReadonlySignal<boolean>
  /** What a base map setting other than blank is called, or nothing. */
  readonly basemap: ReadonlySignal<string | null>
  readonly actions: Actions
  /** Make a second map, of the time before, in an element; the answer takes it away. */
  mountTwin(container: HTMLElement): () => void
}

export const AppContext = createContext<App | null>(null)

export function useApp(): App {
  const app = useContext(AppContext)
  if (!app) throw new Error('a panel outside of the application')
  return app
}
