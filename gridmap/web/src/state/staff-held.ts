/** The people of the thing that is selected: their posts one by one, pairs, and absence. */

import { computed, effect, signal, untracked, type ReadonlySignal, type Signal } from '@preact/signals'

import { readCandidates, type Candidate } from '../api/staffing'
import {
  readHeld,
  readPairs,
  sendAbsence,
  sendEnd,
  sendPair,
  type HeldHere,
} from '../api/staff-held'
import { sendLock } from '../api/staff-loads'

import type { Data } from './data'
import { beginOf, endOf } from './days'
import { resource, valueOf, type Resource } from './resource'
import type { Store } from './store'
import type { SelectableLayer } from './view'

/** What somebody can hold, by the layer in which it is selected. */
export const KIND_OF: Readonly<Partial<Record<SelectableLayer, string>>> = {
  grids: 'grid',
  buildings: 'building',
  'resource-points': 'point',
}

/** First and last day; an empty one is "from now" and "without an end". */
export interface Period {
  readonly from: string
  readonly until: string
}

export type HeldOutcome =
  | { readonly kind: 'ended' | 'absent' | 'back'; readonly name: string }
  | { readonly kind: 'handed-over' | 'paired'; readonly name: string; readonly to: string }
  | { readonly kind: 'refused'; readonly error: unknown }

export interface HeldDesk {
  readonly target: ReadonlySignal<{ readonly kind: string; readonly id: number } | null>
  readonly held: Resource<readonly HeldHere[]>
  /** Pairs with households of the building that is selected. */
  readonly pairs: Resource<readonly HeldHere[]>
  /** The post whose details are open. */
  readonly open: Signal<number | null>
  /** Who could take that post over, the nearest first. */
  readonly heirs: Resource<readonly Candidate[]>
  readonly outcome: ReadonlySignal<HeldOutcome | null>
  readonly isBusy: ReadonlySignal<boolean>
  lock(post: HeldHere, locked: boolean): Promise<void>
  /** End a post now, or with a day. */
  end(post: HeldHere, lastDay: string): Promise<void>
  handOver(post: HeldHere, to: Candidate): Promise<void>
  pair(person: { readonly staff_id: number; readonly name: string }, role: string, period: Period): Promise<void>
  /** Absent until a day (empty: nobody knows); `null`: back again. */
  setAbsence(person: { readonly staff_id: number; readonly name: string }, lastDay: string | null): Promise<void>
}

/** The moments of a period, as the service takes them. */
export function momentsOf({ from, until }: Period): { begins?: string; ends?: string } {
  return {
    ...(from ? { begins: beginOf(from) } : {}),
    ...(until ? { ends: endOf(until) } : {}),
  }
}

export function createHeld(
  { view }: Store,
  data: Data,
  actor: ReadonlySignal<string>,
  changed: () => void,
): HeldDesk {
  const target = computed(() => {
    const { room, selection } = view.value
    const kind = room === 'staff' && selection ? KIND_OF[selection.layer] : undefined
    return kind && selection ? { kind, id: selection.id } : null
  })
  const open = signal<number | null>(null)
  const outcome = signal<HeldOutcome | null>(null)
  const isBusy = signal(false)
  const held = resource(() => target.value, ({ kind, id }, abort) => readHeld(kind, id, abort))
  const pairs = resource(
    () => (target.value?.kind === 'building' ? target.value.id : null),
    readPairs,
  )
  const heirs = resource(
    () => {
      const post = valueOf(held.loaded.value)?.find(({ id }) => id === open.value)
      const point = valueOf(data.detail.loaded.value)?.point
      const { place } = view.value
      return post && point && place
        ? { place, role: post.role, lon: point[0], lat: point[1], full_time: post.full_time }
        : null
    },
    ({ place, ...post }, abort) => readCandidates(place, post, abort),
  )
  // A moved camera is another view with the same thing selected.
  const key = computed(() => JSON.stringify(target.value))
  effect(() => {
    void key.value
    untracked(() => {
      open.value = null
      outcome.value = null
    })
  })

  /** One step at a time; what is refused is told, and nothing has changed then. */
  const step = async (work: (by: string) => Promise<HeldOutcome | null>): Promise<void> => {
    if (isBusy.peek()) return
    isBusy.value = true
    outcome.value = null
    try {
      outcome.value = await work(actor.peek())
      open.value = null
      held.retry()
      pairs.retry()
      changed()
    } catch (error) {
      outcome.value = { kind: 'refused', error }
    } finally {
      isBusy.value = false
    }
  }

  return {
    target,
    held,
    pairs,
    open,
    heirs,
    outcome,
    isBusy,
    lock: ({ id }, locked) =>
      step(async (by) => {
        await sendLock(id, locked, by)
        return null
      }),
    end: ({ id, staff_name: name }, lastDay) =>
      step(async (by) => {
        await sendEnd(id, lastDay ? { at: endOf(lastDay) } : {}, by)
        return { kind: 'ended', name }
      }),
    handOver: ({ id, staff_name: name }, to) =>
      step(async (by) => {
        await sendEnd(id, { to: to.staff_id }, by)
        return { kind: 'handed-over', name, to: to.name }
      }),
    pair: ({ staff_id, name }, role, period) =>
      step(async (by) => {
        const building = target.peek()
        if (building?.kind !== 'building') return null
        await sendPair({ staff_id, role, building_id: building.id, ...momentsOf(period) }, by)
        const found = await readPairs(building.id)
        return { kind: 'paired', name, to: found.at(-1)?.target_code ?? '' }
      }),
    setAbsence: ({ staff_id, name }, lastDay) =>
      step(async (by) => {
        const begins = new Date().toISOString()
        const ends = lastDay ? endOf(lastDay) : null
        await sendAbsence(staff_id, lastDay === null ? null : { begins, ends }, by)
        return { kind: lastDay === null ? 'back' : 'absent', name }
      }),
  }
}
