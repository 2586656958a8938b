/** Many things at once: a ring is drawn, what is inside is chosen, one person is given all of it. */

import { computed, effect, signal, untracked, type ReadonlySignal, type Signal } from '@preact/signals'

import type { Spot } from '../api/plans'
import { readCandidates, type Candidate } from '../api/staffing'
import {
  findInside,
  sendBulk,
  type BulkAnswer,
  type BulkResult,
  type Target,
} from '../api/staff-loads'

import type { Cut } from './data'
import { resource, type Resource } from './resource'

export interface Lasso {
  readonly kind: Signal<Target['kind']>
  /** Corners so far, while a ring is drawn; nothing when none is. */
  readonly points: Signal<readonly Spot[] | null>
  readonly ring: ReadonlySignal<readonly Spot[] | null>
  readonly targets: ReadonlySignal<readonly Target[] | null>
  readonly taken: Signal<ReadonlySet<number>>
  readonly role: Signal<string>
  /** Who could take a post in the middle of the ring. */
  readonly candidates: Resource<readonly Candidate[]>
  readonly person: Signal<number | null>
  readonly beyond: Signal<boolean>
  readonly answer: ReadonlySignal<BulkAnswer | null>
  readonly isBusy: ReadonlySignal<boolean>
  readonly refused: ReadonlySignal<unknown>
  draw(): void
  /** End the ring and look what is inside: grids of the level that is shown, or buildings. */
  close(): Promise<void>
  /** Say for each target whether it can be given; with `store`, give all of them or none. */
  give(store: boolean): Promise<void>
  /** Leave out what cannot be given. */
  leaveOut(): void
  clear(): void
}

export function createLasso(
  place: ReadonlySignal<string | null>,
  cut: ReadonlySignal<Cut | null>,
  actor: ReadonlySignal<string>,
  changed: () => void,
): Lasso {
  const kind = signal<Target['kind']>('grid')
  const points = signal<readonly Spot[] | null>(null)
  const ring = signal<readonly Spot[] | null>(null)
  const targets = signal<readonly Target[] | null>(null)
  const taken = signal<ReadonlySet<number>>(new Set())
  const role = signal('')
  const person = signal<number | null>(null)
  const beyond = signal(false)
  const answer = signal<BulkAnswer | null>(null)
  const isBusy = signal(false)
  const refused = signal<unknown>(null)

  const candidates = resource(
    () => {
      const [at, middle] = [place.value, ring.value && middleOf(ring.value)]
      return at && middle && role.value ? { at, role: role.value, ...middle } : null
    },
    ({ at, ...post }, abort) => readCandidates(at, post, abort),
  )

  const clear = () => {
    points.value = ring.value = targets.value = answer.value = null
    taken.value = new Set()
    person.value = null
    refused.value = null
  }
  effect(() => {
    void place.value
    untracked(clear)
  })
  // What was checked was checked for these targets, this role and this person.
  const question = computed(() => [taken.value, role.value, person.value, beyond.value] as const)
  effect(() => {
    void question.value
    untracked(() => {
      if (answer.value && !answer.value.stored) answer.value = null
    })
  })
  const step = async (work: () => Promise<void>): Promise<void> => {
    if (isBusy.peek()) return
    isBusy.value = true
    refused.value = null
    try {
      await work()
    } catch (error) {
      refused.value = error
    } finally {
      isBusy.value = false
    }
  }
  return {
    kind,
    points,
    ring,
    targets,
    taken,
    role,
    candidates,
    person,
    beyond,
    answer,
    isBusy,
    refused,
    draw() {
      clear()
      points.value = []
    },
    close: () =>
      step(async () => {
        const [at, drawn] = [place.peek(), points.peek()]
        if (!at || !drawn || drawn.length < 3) return
        const shown = cut.peek()
        const level = shown && { network: shown.network.key, level: shown.level.level }
        const found = await findInside(at, kind.peek(), drawn, level, actor.peek())
        points.value = null
        ring.value = drawn
        targets.value = found
        taken.value = new Set(found.map(({ id }) => id))
      }),
    give: (store) =>
      step(async () => {
        const [at, who, found] = [place.peek(), person.peek(), targets.peek()]
        if (!at || who === null || !found) return
        const chosen = found.filter(({ id }) => taken.peek().has(id))
        const given = await sendBulk(
          {
            place: at,
            staff_id: who,
            role: role.peek(),
            targets: chosen.map(({ kind: of, id }) => ({ kind: of, id })),
            beyond_capacity: beyond.peek(),
            only_check: !store,
          },
          actor.peek(),
        )
        answer.value = given
        if (given.stored) changed()
      }),
    leaveOut() {
      const results = answer.peek()?.results ?? []
      const good = results.filter((item: BulkResult) => item.reason === null)
      taken.value = new Set(good.map(({ id }) => id))
    },
    clear,
  }
}

function middleOf(ring: readonly Spot[]): { lon: number; lat: number } {
  const sum = ring.reduce(([x, y], [lon, lat]) => [x + lon, y + lat], [0, 0])
  return { lon: sum[0]! / ring.length, lat: sum[1]! / ring.length }
}
