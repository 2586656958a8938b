/** One question about hotspots, kept in the permalink, its answer, and what is asked further of it. */

import { computed, effect, signal, untracked, type ReadonlySignal, type Signal } from '@preact/signals'

import {
  readHotspots,
  readPlacement,
  readScores,
  readSeries,
  type Hotspot,
  type HotspotAnswer,
  type Placement,
  type Scores,
  type Series,
} from '../api/hotspots'
import type { Located } from '../api/nouns'
import { locate } from '../api/service'

import type { Data } from './data'
import {
  askedOf,
  dayOf,
  formatQuestion,
  parseQuestion,
  windowBefore,
  windowOf,
  type Question,
} from './question'
import { resource, valueOf, type Resource } from './resource'
import type { Store } from './store'

export interface Wish {
  readonly count: number
  readonly reach: number
}

export interface Hotspots {
  readonly question: ReadonlySignal<Question | null>
  /** The day of the latest incident ("2026-10-31"); none where there are no incidents. */
  readonly lastDay: ReadonlySignal<string | null>
  readonly answer: Resource<HotspotAnswer>
  /** The latest answer about the place, also while the next one is worked out. */
  readonly shown: ReadonlySignal<HotspotAnswer | null>
  /** The answer about the window before, while the two are swiped. */
  readonly before: Resource<HotspotAnswer>
  readonly scores: Resource<Scores>
  readonly series: Resource<Series>
  readonly placement: Resource<Placement>
  /** The number of the hotspot that is pointed out, and the hotspot. */
  readonly chosen: Signal<number | null>
  readonly spot: ReadonlySignal<Hotspot | null>
  /** Whose ground the hotspot is, who answers for it, and what is near. */
  readonly around: Resource<Located>
  /** The step of a cube that is shown; none shows what became of all. */
  readonly step: Signal<number | null>
  /** What is looked at beside the places. */
  readonly wantsScores: Signal<boolean>
  readonly wantsSeries: Signal<boolean>
  readonly wish: Signal<Wish | null>
  ask(question: Question): void
}

export function createHotspots(store: Store, data: Data): Hotspots {
  const text = computed(() => store.view.value.question)
  const room = computed(() => store.view.value.room)
  const question = computed(() => parseQuestion(text.value ?? ''))
  const lastDay = computed(() => {
    const items = valueOf(data.incidents.loaded.value)?.items ?? []
    const times = items.map((item) => Date.parse(item.properties.reported_at))
    return times.length > 0 ? dayOf(times.reduce((a, b) => Math.max(a, b))) : null
  })
  /** What there is to ask: nothing outside of the room, or before it is known when the data end. */
  const asking = () => {
    const asked = question.value
    const place = data.place.value
    if (room.value !== 'hotspots' || !place || !asked || !lastDay.value) return null
    return { asked, place: place.key, window: windowOf(asked, lastDay.value) }
  }
  const answer = resource(() => {
    const next = asking()
    return next && askedOf(next.asked, next.place, next.window)
  }, readHotspots)
  const before = resource(() => {
    const next = asking()
    const answered = valueOf(answer.loaded.value)
    if (!next?.asked.swipe || !answered) return null
    // The same cells on both sides.
    const asked = { ...next.asked, size: answered.cell_size_m ?? next.asked.size }
    return askedOf(asked, next.place, windowBefore(next.window))
  }, readHotspots)
  const ready = computed(() => valueOf(answer.loaded.value))
  const shown = signal<HotspotAnswer | null>(null)
  let place: string | null = null
  effect(() => {
    const loaded = answer.loaded.value
    const now = data.place.value?.key ?? null
    if (loaded.state !== 'loading' || now !== place) shown.value = valueOf(loaded)
    place = now
  })
  const wantsScores = signal(false)
  const wantsSeries = signal(false)
  const wish = signal<Wish | null>(null)
  const scores = resource(() => (wantsScores.value ? (ready.value?.id ?? null) : null), readScores)
  const series = resource(() => (wantsSeries.value ? (ready.value?.id ?? null) : null), readSeries)
  const placement = resource(
    () => (wish.value && ready.value ? { id: ready.value.id, ...wish.value } : null),
    readPlacement,
  )
  const chosen = signal<number | null>(null)
  const step = signal<number | null>(null)
  const spot = computed(() =>
    chosen.value === null ? null : (ready.value?.hotspots[chosen.value] ?? null),
  )
  const around = resource(
    () => spot.value?.centre ?? null,
    (centre, abort) => locate(centre[0], centre[1], abort),
  )
  // The link says which place and which step; whoever points at another one changes the link.
  effect(() => {
    if (!ready.value) return
    const asked = question.peek()
    chosen.value = asked?.spot ?? null
    step.value = asked?.step ?? null
  })
  effect(() => {
    const pointed = { spot: chosen.value, step: step.value }
    const asked = question.peek()
    if (asked && ready.peek()) {
      untracked(() => store.settle({ question: formatQuestion({ ...asked, ...pointed }) }))
    }
  })
  return {
    question,
    lastDay,
    answer,
    shown,
    before,
    scores,
    series,
    placement,
    chosen,
    spot,
    around,
    step,
    wantsScores,
    wantsSeries,
    wish,
    ask(asked) {
      const next = formatQuestion({ ...asked, spot: null, step: null })
      if (next === store.view.peek().question) answer.retry()
      else store.change({ question: next })
    },
  }
}
