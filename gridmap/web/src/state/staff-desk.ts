/** What lies on the desk of the staff room beside vacancies: loads, a lasso, compact areas. */

import { computed, effect, signal, untracked, type ReadonlySignal, type Signal } from '@preact/signals'

import {
  readAreas,
  readLoads,
  type CompactAreas,
  type HeldPost,
  type Load,
  type Loads,
} from '../api/staff-loads'
import { classify, type Classes } from '../geometry/classes'
import { TERMS } from '../i18n/terms'

import type { Data } from './data'
import { createLasso, type Lasso } from './lasso'
import { resource, valueOf, type Resource } from './resource'
import { createHeld, type HeldDesk } from './staff-held'
import type { TogetherSheet } from './staff-together'
import type { Staffing } from './staffing'
import type { Store } from './store'
import type { Theme } from './view'

export const SHEETS = ['vacancies', 'loads', 'lasso', 'areas'] as const
export type Sheet = (typeof SHEETS)[number] | TogetherSheet

export const MEASURES = ['households', 'incidents', 'posts', 'walk_m'] as const
export type Measure = (typeof MEASURES)[number]

const CLASSES = 4
/** Sheets with colours of their own on the ground. */
const COLOURED: ReadonlySet<Sheet> = new Set<Sheet>(['loads', 'areas', 'events'])

export interface AreasQuestion {
  readonly category: string
  readonly k: number
  readonly seed: number
}

export interface Desk {
  readonly sheet: Signal<Sheet>
  readonly loads: Resource<Loads>
  readonly measure: Signal<Measure>
  /** Whose load is shown; empty: of the first role on the grids that are shown. */
  readonly role: Signal<string>
  /** Those who hold a post of that role, the greatest load first. */
  readonly people: ReadonlySignal<readonly Load[]>
  readonly posts: ReadonlySignal<readonly HeldPost[]>
  readonly classes: ReadonlySignal<Classes | null>
  /** A theme of the map that other colours take the place of. */
  readonly hides: ReadonlySignal<Theme | null>
  /** The person whose ways are shown. */
  readonly shown: Signal<number | null>
  readonly lasso: Lasso
  readonly asked: Signal<AreasQuestion | null>
  readonly areas: Resource<CompactAreas>
  /** The people of the thing that is selected. */
  readonly held: HeldDesk
}

/** The value of a measure; nothing where it is not known. */
export function measured(load: Load, measure: Measure): number | null {
  return load[measure]
}

/** The greatest first; what is not known comes last. */
export function ranked(people: readonly Load[], measure: Measure): readonly Load[] {
  return [...people].sort(
    (a, b) =>
      (measured(b, measure) ?? -1) - (measured(a, measure) ?? -1) || a.staff_id - b.staff_id,
  )
}

/** The first role, in the order of the glossary, that somebody has on grids of a level. */
export function firstRole(posts: readonly HeldPost[], level: number | null): string {
  const there = new Set(posts.filter((post) => post.level === level).map(({ role }) => role))
  return Object.keys(TERMS.role).find((role) => there.has(role)) ?? posts[0]?.role ?? ''
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
  const role = signal('')
  const shown = signal<number | null>(null)
  const asked = signal<AreasQuestion | null>(null)
  const loads = resource(() => place.value, readLoads)
  const areas = resource(
    () => (place.value && asked.value ? { place: place.value, ...asked.value } : null),
    (question, abort) =>
      readAreas(question.place, question.category, question.k, question.seed, abort),
  )
  const posts = computed(() => {
    const all = valueOf(loads.loaded.value)?.posts ?? []
    const shownRole = role.value || firstRole(all, data.cut.value?.level.level ?? null)
    return all.filter((post) => post.role === shownRole)
  })
  const people = computed(() => {
    const holders = new Set(posts.value.map(({ staff_id }) => staff_id))
    const all = valueOf(loads.loaded.value)?.people ?? []
    return ranked(all.filter(({ staff_id }) => holders.has(staff_id)), measure.value)
  })
  const classes = computed(() =>
    classify(people.value.flatMap((person) => measured(person, measure.value) ?? []), CLASSES),
  )
  const hides = computed<Theme | null>(() =>
    place.value !== null && COLOURED.has(sheet.value) ? 'households' : null,
  )
  const changed = () => {
    loads.retry()
    staffing.completeness.retry()
  }
  const lasso = createLasso(place, data.cut, actor, changed)
  effect(() => {
    const kind = staffing.outcome.value?.kind
    if (kind === 'assigned' || kind === 'accepted') untracked(() => loads.retry())
  })
  effect(() => {
    void place.value
    untracked(() => {
      sheet.value = 'vacancies'
      role.value = ''
      shown.value = null
      asked.value = null
    })
  })
  return {
    sheet,
    loads,
    measure,
    role,
    people,
    posts,
    classes,
    hides,
    shown,
    lasso,
    asked,
    areas,
    held: createHeld(store, data, actor, changed),
  }
}
