/** What lies on the desk of the staff room beside vacancies: loads, a lasso, compact areas. */

import { computed, effect, signal, untracked, type ReadonlySignal, type Signal } from '@preact/signals'

import {
  readAreas,
  readLoads,
  sendLock,
  type CompactAreas,
  type HeldPost,
  type Load,
  type Loads,
} from '../api/staff-loads'
import { classify, type Classes } from '../geometry/classes'

import type { Data } from './data'
import { createLasso, type Lasso } from './lasso'
import { resource, valueOf, type Resource } from './resource'
import type { Staffing } from './staffing'
import type { Store } from './store'

export const SHEETS = ['vacancies', 'loads', 'lasso', 'areas'] as const
export type Sheet = (typeof SHEETS)[number]

export const MEASURES = ['households', 'incidents', 'posts', 'walk_m'] as const
export type Measure = (typeof MEASURES)[number]

const CLASSES = 4

export interface AreasQuestion {
  readonly category: string
  readonly k: number
  readonly seed: number
}

export interface Desk {
  readonly sheet: Signal<Sheet>
  readonly loads: Resource<Loads>
  readonly measure: Signal<Measure>
  readonly classes: ReadonlySignal<Classes | null>
  /** The person whose ways are shown. */
  readonly shown: Signal<number | null>
  readonly lasso: Lasso
  readonly asked: Signal<AreasQuestion | null>
  readonly areas: Resource<CompactAreas>
  /** The last lock or unlock that was refused. */
  readonly refused: ReadonlySignal<unknown>
  lock(post: HeldPost, locked: boolean): Promise<void>
}

/** The value of a measure; nothing where it is not known. */
export function measured(load: Load, measure: Measure): number | null {
  return load[measure]
}

/** Who holds something, the greatest first; nobody without a post is anybody's overload. */
export function ranked({ people }: Loads, measure: Measure): readonly Load[] {
  return people
    .filter((person) => person.posts > 0)
    .sort(
      (a, b) =>
        (measured(b, measure) ?? -1) - (measured(a, measure) ?? -1) || a.staff_id - b.staff_id,
    )
}

/** The class of a value, counted from 0. */
export function classOf({ breaks }: Classes, value: number): number {
  return breaks.filter((start) => value >= start).length
}

export function createDesk(
  store: Store,
  data: Data,
  staffing: Staffing,
  actor: ReadonlySignal<string>,
): Desk {
  const { view } = store
  const place = computed(() => (view.value.room === 'staff' ? view.value.place : null))
  const sheet = signal<Sheet>('vacancies')
  const measure = signal<Measure>('households')
  const shown = signal<number | null>(null)
  const asked = signal<AreasQuestion | null>(null)
  const refused = signal<unknown>(null)
  const loads = resource(() => place.value, readLoads)
  const areas = resource(
    () => (place.value && asked.value ? { place: place.value, ...asked.value } : null),
    (question, abort) =>
      readAreas(question.place, question.category, question.k, question.seed, abort),
  )
  const classes = computed(() => {
    const found = valueOf(loads.loaded.value)
    const values = found
      ? ranked(found, measure.value).flatMap((person) => measured(person, measure.value) ?? [])
      : []
    return classify(values, CLASSES)
  })
  const lasso = createLasso(place, data.cut, actor, () => {
    loads.retry()
    staffing.completeness.retry()
  })
  effect(() => {
    const kind = staffing.outcome.value?.kind
    if (kind === 'assigned' || kind === 'accepted') untracked(() => loads.retry())
  })
  effect(() => {
    void place.value
    untracked(() => {
      sheet.value = 'vacancies'
      shown.value = null
      asked.value = null
      refused.value = null
    })
  })
  return {
    sheet,
    loads,
    measure,
    classes,
    shown,
    lasso,
    asked,
    areas,
    refused,
    async lock(post, locked) {
      refused.value = null
      try {
        await sendLock(post.assignment_id, locked, actor.peek())
        loads.retry()
      } catch (error) {
        refused.value = error
      }
    },
  }
}
