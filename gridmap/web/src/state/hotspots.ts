/** One question about hotspots, kept in the permalink, and its answer. */

import { computed, effect, signal, type ReadonlySignal, type Signal } from '@preact/signals'

import { readHotspots, type HotspotAnswer } from '../api/hotspots'

import type { Data } from './data'
import { resource, valueOf, type Resource } from './resource'
import type { Store } from './store'

/** Days back from the last incident; or whole days from `from` to `to`, both included. */
export interface Question {
  readonly days: number | null
  readonly from: string
  readonly to: string
  readonly category: string | null
  readonly severity: number
}

export interface Hotspots {
  readonly question: ReadonlySignal<Question | null>
  /** The day of the latest incident ("2026-10-31"); none where there are no incidents. */
  readonly lastDay: ReadonlySignal<string | null>
  readonly answer: Resource<HotspotAnswer>
  /** The number of the hotspot that is pointed out. */
  readonly chosen: Signal<number | null>
  ask(question: Question): void
}

export const SPANS = [30, 90, 365] as const
const DAY_MS = 86_400_000
/** China has one time all over: eight hours before Greenwich, without summer time. */
const CHINA_MS = 8 * 3_600_000
const ZONE = '+08:00'
const TEXT = /^(?:(\d{1,4})|(\d{4}-\d\d-\d\d)\.\.(\d{4}-\d\d-\d\d))\/([a-z-]+)\/([1-4])$/

export function createHotspots(store: Store, data: Data): Hotspots {
  const text = computed(() => store.view.value.question)
  const room = computed(() => store.view.value.room)
  const question = computed(() => parseQuestion(text.value ?? ''))
  const lastDay = computed(() => {
    const items = valueOf(data.incidents.loaded.value)?.items ?? []
    const times = items.map((item) => Date.parse(item.properties.reported_at))
    return times.length > 0 ? dayOf(times.reduce((a, b) => Math.max(a, b))) : null
  })
  const answer = resource(() => {
    const asked = question.value
    const place = data.place.value
    if (room.value !== 'hotspots' || !place || !asked || !lastDay.value) return null
    const { category, severity } = asked
    return { place: place.key, ...windowOf(asked, lastDay.value), category, severity }
  }, readHotspots)
  const chosen = signal<number | null>(null)
  effect(() => {
    void answer.loaded.value
    chosen.value = null
  })
  return {
    question,
    lastDay,
    answer,
    chosen,
    ask(asked) {
      const next = formatQuestion(asked)
      if (next === store.view.peek().question) answer.retry()
      else store.change({ question: next })
    },
  }
}

/** The half-open window of a question, in the time of the places. */
export function windowOf({ days, from, to }: Question, lastDay: string): { from: string; to: string } {
  const end = following(days === null ? to : lastDay)
  const start = days === null ? from : dayOf(Date.parse(`${end}T00:00:00${ZONE}`) - days * DAY_MS)
  return { from: `${start}T00:00:00${ZONE}`, to: `${end}T00:00:00${ZONE}` }
}

export function formatQuestion({ days, from, to, category, severity }: Question): string {
  return `${days ?? `${from}..${to}`}/${category ?? 'all'}/${severity}`
}

/** Read a question of a permalink; nothing when it is none. */
export function parseQuestion(text: string): Question | null {
  const found = TEXT.exec(text)
  if (!found) return null
  const [, days, from = '', to = '', category = 'all', severity] = found
  if (days === undefined && (!isDay(from) || !isDay(to))) return null
  if (days !== undefined && Number(days) < 1) return null
  return {
    days: days === undefined ? null : Number(days),
    from,
    to,
    category: category === 'all' ? null : category,
    severity: Number(severity),
  }
}

function isDay(text: string): boolean {
  return !Number.isNaN(Date.parse(`${text}T00:00:00Z`))
}

function following(day: string): string {
  return dayOf(Date.parse(`${day}T00:00:00${ZONE}`) + DAY_MS)
}

function dayOf(moment: number): string {
  return new Date(moment + CHINA_MS).toISOString().slice(0, 10)
}
