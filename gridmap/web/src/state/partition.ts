/** A partition of the open draft: what is asked, the job, and the alternative that is looked at. */

import { batch, effect, signal, untracked, type ReadonlySignal, type Signal } from '@preact/signals'

import {
  acceptAlternative, cancelPartition, readAlternative, readPartition, startPartition,
  type Job, type NewArea, type Wanted,
} from '../api/plan-partition'

import type { Plans } from './desk'
import { profileOf } from './draft'

export interface Partition {
  readonly wanted: Signal<Wanted>
  readonly job: ReadonlySignal<Job | null>
  /** Number of the alternative that the map shows, from 1; none is shown at 0. */
  readonly shown: ReadonlySignal<number>
  readonly areas: ReadonlySignal<readonly NewArea[]>
  readonly isRunning: ReadonlySignal<boolean>
  start(): Promise<void>
  cancel(): Promise<void>
  show(number: number): Promise<void>
  accept(): Promise<void>
  /** Put the alternatives away. */
  discard(): void
}

const USUAL: Wanted = { minimum: 100, maximum: 200, grids: null, alternatives: 3 }
/** A range about the mean of the grids, where the network has no size profile. */
const NARROW = 0.6
const WIDE = 1.4

/** The network's size profile, or what the present grids have on average. */
export function usual(plans: Plans): Wanted {
  const open = plans.open.peek()
  const areas = plans.areas.peek()
  const profile = open && profileOf(open.plan, plans.level.peek())
  if (profile) return { ...USUAL, minimum: profile.least, maximum: profile.most }
  if (areas.length < 2) return USUAL
  const mean = areas.reduce((sum, area) => sum + area.properties.households, 0) / areas.length
  const minimum = Math.max(1, Math.round(mean * NARROW))
  return { ...USUAL, minimum, maximum: Math.max(minimum, Math.round(mean * WIDE)) }
}

export function createPartition(plans: Plans): Partition {
  const wanted = signal<Wanted>(USUAL)
  const job = signal<Job | null>(null)
  const shown = signal(0)
  const areas = signal<readonly NewArea[]>([])
  const isRunning = signal(false)

  const discard = (): void =>
    batch(() => {
      job.value = null
      shown.value = 0
      areas.value = []
    })

  // Another plan, or another room: nothing of this one is shown any more.
  let plan: number | null = null
  effect(() => {
    const id = plans.open.value?.plan.id ?? null
    untracked(() => {
      if (id === plan) return
      plan = id
      discard()
      if (id !== null) wanted.value = usual(plans)
    })
  })

  /** Follow a job until its end, unless it was put away. */
  const follow = async (begun: Job): Promise<void> => {
    let now = begun
    while (job.peek()?.job === begun.job && (now.state === 'waiting' || now.state === 'running')) {
      now = await readPartition(begun)
      if (job.peek()?.job === begun.job) job.value = now
    }
  }

  const show = async (number: number): Promise<void> => {
    const now = job.peek()
    if (!now) return
    shown.value = number
    const found = number > 0 ? await readAlternative(now, number) : []
    if (job.peek()?.job === now.job && shown.peek() === number) areas.value = found
  }

  return {
    wanted, job, shown, areas, isRunning, show, discard,
    start: () =>
      plans.work(async (now) => {
        discard()
        plans.take(null)
        isRunning.value = true
        try {
          const begun = await startPartition(now.plan.id, wanted.peek(), plans.actor.peek())
          job.value = begun
          await follow(begun)
          if (job.peek()?.state === 'done') await show(1)
        } finally {
          isRunning.value = false
        }
      }),
    async cancel() {
      const now = job.peek()
      if (now) await cancelPartition(now, plans.actor.peek())
    },
    accept: () =>
      plans.work(async (now) => {
        const found = job.peek()
        if (!found || shown.peek() === 0) return
        await acceptAlternative(found, shown.peek(), now.plan.revision, plans.actor.peek())
        discard()
        plans.refresh()
      }),
  }
}
