/** The plans of a place, the one that is open, and what is being done to it. */

import { batch, computed, effect, signal, untracked } from '@preact/signals'

import { Problem } from '../api/client'
import {
  makeDraft, publishPlan, readLog, readPlans, readProof, sendEdit, takeStep,
  type Edit, type Finding, type Outcome, type Plan, type Proof,
} from '../api/plans'

import type { Notice, Plans, Preview } from './desk'
import { applied, ofLevel, stepsOf, type OpenPlan } from './draft'
import { offersOf, pressedAt, type LandUse } from './offers'
import { readOpenPlan } from './opening'
import { resource, valueOf, type Loaded } from './resource'
import type { Store } from './store'
import type { Figure } from './figures'
import { anew, editOf, takeTool, withoutLast, type Tool } from './tool'

export function createPlans(
  store: Store, name: string, published: () => void, landUse: () => LandUse = () => [],
): Plans {
  const place = computed(() => store.view.value.place)
  const isEntered = computed(() => store.view.value.room === 'plans' && place.value !== null)
  const list = resource(
    () => (isEntered.value ? place.value : null),
    (key, abort) => readPlans(key, abort),
  )
  const opened = signal<Loaded<OpenPlan>>({ state: 'nothing' })
  const open = computed(() => (isEntered.value ? valueOf(opened.value) : null))
  const level = computed(() => {
    const levels = open.value?.plan.levels.map((item) => item.level) ?? []
    const asked = store.view.value.level
    if (asked !== null && levels.includes(asked)) return asked
    return levels.includes(2) ? 2 : (levels.at(-1) ?? null)
  })
  const areas = computed(() => (open.value ? ofLevel(open.value.areas, level.value) : []))
  const isEditable = computed(() => open.value?.plan.state === 'draft')
  const steps = computed(() => stepsOf(open.value?.log ?? []))
  const selected = signal<number | null>(null)
  const tool = signal<Tool | null>(null)
  const preview = signal<Preview | null>(null)
  const notice = signal<Notice | null>(null)
  const proof = signal<Proof | null>(null)
  const finding = signal<Finding | null>(null)
  const [isBusy, isHolding, figure] = [signal(false), signal(false), signal<Figure>('households')]
  const actor = signal(name)
  const offers = computed(() => offersOf(tool.value, open.value, landUse()))
  let asked: number | null = null

  /** Put everything down; what a check found is of every level and may stay. */
  const rest = (keepsFound = false) =>
    batch(() => {
      tool.value = null
      preview.value = null
      notice.value = null
      if (!keepsFound) proof.value = finding.value = null
      isHolding.value = false
    })

  const open_ = (id: number | null): void => {
    asked = id
    rest()
    selected.value = null
    if (id === null) {
      opened.value = { state: 'nothing' }
      return
    }
    opened.value = { state: 'loading' }
    readOpenPlan(id).then(
      (value) => {
        if (asked !== id) return
        opened.value = { state: 'ready', value }
        store.settle({ network: value.plan.network, selection: null })
      },
      (error: unknown) => {
        if (asked === id) opened.value = { state: 'failed', error }
      },
    )
  }

  /** Draw what the service answered to an edit, and note it in the log. */
  const settle = async (now: OpenPlan, outcome: Outcome): Promise<void> => {
    const log = await readLog(now.plan.id)
    if (asked !== now.plan.id) return
    batch(() => {
      const plan = { ...now.plan, revision: outcome.revision }
      opened.value = { state: 'ready', value: { ...now, plan, log, areas: applied(now.areas, outcome) } }
      rest()
      const kept = outcome.areas.some((area) => area.id === selected.value)
      const first = outcome.areas.find((area) => area.properties.level === level.value)
      if (!kept) selected.value = first?.id ?? null
    })
  }

  /** After a conflict: has somebody else drawn meanwhile? Then read it again and say what. */
  const explain = async (now: OpenPlan, error: unknown): Promise<void> => {
    if (error instanceof Problem && error.status === 409) {
      const fresh = await readOpenPlan(now.plan.id)
      if (fresh.plan.revision !== now.plan.revision && asked === now.plan.id) {
        batch(() => {
          rest()
          opened.value = { state: 'ready', value: fresh }
          const entries = fresh.log.filter((entry) => entry.revision > now.plan.revision)
          notice.value = { kind: 'stale', entries }
        })
        return
      }
    }
    notice.value = { kind: 'refused', error }
  }

  /** One thing at a time, with the open plan as it is; what goes wrong is told. */
  const work = async (what: (now: OpenPlan) => Promise<void>): Promise<void> => {
    const now = open.peek()
    if (!now || isBusy.peek()) return
    isBusy.value = true
    notice.value = null
    try {
      await what(now)
    } catch (error) {
      await explain(now, error).catch((second: unknown) => {
        notice.value = { kind: 'refused', error: second }
      })
    } finally {
      isBusy.value = false
    }
  }

  const wanted = computed(() => (isEntered.value ? (store.view.value.plan ?? null) : asked))
  effect(() => {
    const id = wanted.value
    untracked(() => {
      if (id !== asked) open_(id)
    })
  })
  const show = (id: number | null): void => {
    if (id === asked) open_(id)
    else store.change({ plan: id, selection: null })
  }
  const begin = async (make: (name: string) => Promise<Plan>): Promise<void> => {
    if (isBusy.peek()) return
    isBusy.value = true
    notice.value = null
    try {
      const made = await make(actor.peek())
      list.retry()
      show(made.id)
    } catch (error) {
      notice.value = { kind: 'refused', error }
    } finally {
      isBusy.value = false
    }
  }
  const refresh = (): void => {
    const id = asked
    list.retry()
    if (id === null) return
    void readOpenPlan(id).then((value) => {
      if (asked !== id) return
      rest()
      opened.value = { state: 'ready', value }
    })
  }
  // A tool is put away where its grids cannot be seen any more.
  effect(() => {
    void level.value
    untracked(() => {
      rest(true)
      if (!areas.peek().some((area) => area.id === selected.peek())) selected.value = null
    })
  })

  const edit = (now: OpenPlan, what: Edit) =>
    sendEdit(now.plan.id, what, now.plan.revision, false, actor.peek()).then((outcome) => settle(now, outcome))

  const use = (next: Tool, ask: boolean): void => {
    if (isBusy.peek()) return
    tool.value = next.level ? next : { ...next, level: level.peek() ?? 0 }
    notice.value = null
    const used = tool.peek()!
    const wanted = ask ? editOf(used) : null
    if (!wanted) return
    void work(async (now) => {
      const outcome = await sendEdit(now.plan.id, wanted, now.plan.revision, true, actor.peek())
      // Put away meanwhile: then nobody waits for it.
      if (tool.peek() === used) preview.value = { edit: wanted, outcome }
    })
  }

  return {
    list, opened, open, level, areas, isEditable, steps, selected, tool, offers, preview, notice, proof, finding,
    isBusy, isHolding, figure, actor, show, work, begin, refresh,
    retry: () => open_(asked),
    make: (basedOn, draftName) => begin((own) => makeDraft(basedOn, draftName, own)),
    take(kind) {
      rest()
      const own = selected.peek()
      if (kind) tool.value = takeTool(kind, own === null ? [] : [own], level.peek() ?? 0)
    },
    async point(at) {
      const now = tool.peek()
      if (!now) return
      const pressed = await pressedAt(now, at, offers.peek())
      if (tool.peek() !== now) return
      use(pressed ?? now, pressed !== null)
      if (!pressed) notice.value = { kind: 'missed', way: now.way }
    },
    use,
    end() {
      const now = tool.peek()
      if (now && !preview.peek()) use(now, true)
    },
    back() {
      const now = tool.peek()
      if (now && !preview.peek()) use(withoutLast(now), false)
    },
    accept: () =>
      work(async (now) => {
        const seen = preview.peek()
        const used = tool.peek()
        if (seen) await edit(now, seen.edit)
        // Whoever pulls one boundary pulls the next.
        if (used?.pulled && asked === now.plan.id) tool.value = anew(used)
      }),
    discard() {
      preview.value = null
      const now = tool.peek()
      if (now) tool.value = anew(now)
    },
    step: (which) =>
      work(async (now) => settle(now, await takeStep(now.plan.id, which, now.plan.revision, actor.peek()))),
    lock: (grid, locked) => work((now) => edit(now, { kind: 'lock', grids: [grid], locked })),
    renumber: () => work((now) => edit(now, { kind: 'renumber', level: level.peek() ?? 2 })),
    rename: (grid, newName) => work((now) => edit(now, { kind: 'rename', grid, name: newName })),
    check: () =>
      work(async (now) => {
        proof.value = await readProof(now.plan.id)
      }),
    publish: (starts) =>
      work(async (now) => {
        const { id, revision } = now.plan
        await publishPlan(id, { revision, starts }, actor.peek())
        refresh()
        published()
      }),
  }
}
