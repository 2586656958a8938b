/** Plans as documents: how they come to be, their comments, and what they are compared with. */

import { computed, effect, signal, type ReadonlySignal, type Signal } from '@preact/signals'
import type { Geometry } from 'geojson'

import type { Area, Spot } from '../api/plans'
import { readAreas } from '../api/plans'
import {
  importPlan, makeOfGround, readComments, readComparison, readCrosswalk, returnPlan, sendComment,
  settleComment, submitPlan,
  type Comment, type Comparison, type Crosswalk, type Ground, type ImportReport,
} from '../api/plan-documents'
import { readItem } from '../api/service'
import { boundsOf, type Bounds } from '../geometry/bounds'

import type { Data } from './data'
import type { Plans } from './desk'
import { resource, type Resource } from './resource'
import type { Store } from './store'

/** Another plan beside the open one. */
export interface Beside {
  readonly comparison: Comparison
  readonly areas: readonly Area[]
}

/** A grid of a list, or land that moves; `key` tells its row. */
export interface Looked {
  readonly key: string
  readonly geometry: Geometry | null
}

export interface Documents {
  readonly comments: Resource<readonly Comment[]>
  /** The place of the comment that is being written; `waiting` until it is pressed on the map. */
  readonly pin: Signal<Spot | 'waiting' | null>
  /** The plan that the open one is compared with. */
  readonly other: Signal<number | null>
  readonly beside: Resource<Beside>
  /** The other plan on the map, up to this share of its width; none hides it. */
  readonly swipe: Signal<number | null>
  /** The network that the shown one is laid over. */
  readonly crossing: Signal<string | null>
  readonly crosswalk: Resource<Crosswalk>
  /** What of a comparison or crosswalk is looked at on the map. */
  readonly looked: Signal<Looked | null>
  /** What the last import repaired and left. */
  readonly report: ReadonlySignal<{ readonly plan: number; readonly report: ImportReport } | null>
  /** Look at a grid of whichever network; where it is, unless it cannot be read. */
  look(grid: number): Promise<Bounds | null>
  comment(text: string): Promise<boolean>
  settle(comment: number, resolved: boolean): Promise<void>
  submit(): Promise<void>
  sendBack(reason: string): Promise<void>
  makeOf(source: Ground, given: string, network: string, name: string): Promise<void>
  importFile(file: Blob, network: string, name: string): Promise<void>
}

export function createDocuments(store: Store, data: Data, plans: Plans): Documents {
  const id = computed(() => plans.open.value?.plan.id ?? null)
  const level = plans.level
  const comments = resource(() => id.value, readComments)
  const pin = signal<Spot | 'waiting' | null>(null)
  const other = signal<number | null>(null)
  const swipe = signal<number | null>(null)
  const crossing = signal<string | null>(null)
  const looked = signal<Looked | null>(null)
  const report = signal<{ plan: number; report: ImportReport } | null>(null)
  const beside = resource(
    () =>
      id.value === null || other.value === null
        ? null
        : // A new revision is another comparison.
          { id: id.value, other: other.value, revision: plans.open.value?.plan.revision },
    async (asked, abort): Promise<Beside> => {
      const [comparison, areas] = await Promise.all([
        readComparison(asked.id, asked.other, abort),
        readAreas(asked.other, abort),
      ])
      return { comparison, areas }
    },
  )
  const crosswalk = resource(
    () => {
      const cut = data.cut.value
      const with_ = crossing.value
      if (!cut || !with_ || with_ === cut.network.key || level.value !== null) return null
      return { place: cut.place.key, one: cut.network.key, other: with_, day: store.view.value.day ?? null }
    },
    ({ place, one, other: second, day }, abort) => readCrosswalk(place, one, second, day, abort),
  )

  // What is looked at goes with the answer that it is of.
  effect(() => {
    void beside.loaded.value
    void crosswalk.loaded.value
    looked.value = null
  })

  return {
    comments, pin, other, beside, swipe, crossing, crosswalk, looked, report,
    async look(grid) {
      const item = await readItem('grids', grid).catch(() => null)
      if (item) looked.value = { key: String(grid), geometry: item.geometry }
      return boundsOf(item?.geometry ?? null)
    },
    async comment(text) {
      const at = pin.peek()
      let said = false
      await plans.work(async ({ plan }) => {
        await sendComment(plan.id, text, at === 'waiting' ? null : at, plans.actor.peek())
        said = true
        pin.value = null
        comments.retry()
      })
      return said
    },
    settle: (comment, resolved) =>
      plans.work(async ({ plan }) => {
        await settleComment(plan.id, comment, resolved, plans.actor.peek())
        comments.retry()
      }),
    submit: () =>
      plans.work(async ({ plan }) => {
        await submitPlan(plan.id, plan.revision, plans.actor.peek())
        plans.refresh()
      }),
    sendBack: (reason) =>
      plans.work(async ({ plan }) => {
        await returnPlan(plan.id, reason, plans.actor.peek())
        plans.refresh()
        comments.retry()
      }),
    makeOf: (source, given, network, name) =>
      plans.begin((actor) => {
        const place = store.view.peek().place ?? ''
        return makeOfGround({ place, network, name, source, given }, actor)
      }),
    importFile: (file, network, name) =>
      plans.begin(async (actor) => {
        const place = store.view.peek().place ?? ''
        const made = await importPlan(file, { place, network, name }, actor)
        report.value = { plan: made.plan.id, report: made.report }
        return made.plan
      }),
  }
}
