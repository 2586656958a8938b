/** Templates, events of teams, rotas and the past: read where they are shown, changed one by one. */

import { computed, effect, signal, untracked, type ReadonlySignal, type Signal } from '@preact/signals'

import { readGrids } from '../api/service'
import { moveOrphan, readOrphans, readPast, type Orphan, type Past } from '../api/staff-past'
import {
  deleteEvent,
  deleteRota,
  deleteTemplate,
  makeRota,
  moveTeam,
  planEvent,
  putTemplate,
  readDuty,
  readEvents,
  readRotas,
  readTeams,
  readTemplates,
  standIn,
  type DutyDay,
  type NewRota,
  type Rota,
  type Shift,
  type TeamEvent,
  type Teams,
  type Template,
  type Templates,
} from '../api/staff-together'
import type { Features, GridProperties } from '../api/nouns'

import { today } from './days'
import { resource, valueOf, type Resource } from './resource'
import type { Store } from './store'

export const TOGETHER_SHEETS = ['templates', 'events', 'rota', 'history'] as const
export type TogetherSheet = (typeof TOGETHER_SHEETS)[number]

const DAYS_SHOWN = 14

/** What came of the last step. */
export type TogetherOutcome =
  | { readonly kind: 'template'; readonly key: string }
  | { readonly kind: 'template-gone'; readonly template: Template }
  | { readonly kind: 'planned' | 'called-off'; readonly event: TeamEvent }
  | { readonly kind: 'moved'; readonly team: string }
  | { readonly kind: 'rota' | 'rota-gone'; readonly name: string }
  | { readonly kind: 'stands-in'; readonly team: string; readonly day: string }
  | { readonly kind: 'followed'; readonly name: string }
  | { readonly kind: 'refused'; readonly error: unknown }

export interface Together {
  readonly templates: Resource<Templates>
  /** A template that is not stored yet. */
  readonly draft: Signal<Template | null>
  readonly teams: Resource<Teams>
  readonly events: Resource<readonly TeamEvent[]>
  /** The grids to which teams of the shown events can go. */
  readonly grids: Resource<Features<GridProperties>>
  readonly rotas: Resource<readonly Rota[]>
  readonly duty: Resource<readonly DutyDay[]>
  readonly past: Resource<Past>
  readonly orphans: Resource<readonly Orphan[]>
  /** Days as `2026-12-07`: the first that the rota shows, and the one that the past is asked for. */
  readonly firstDay: Signal<string>
  readonly asOf: Signal<string>
  readonly outcome: ReadonlySignal<TogetherOutcome | null>
  readonly isBusy: ReadonlySignal<boolean>
  /** The event that the map shows; nothing: the next one. */
  readonly pointed: Signal<number | null>
  readonly onMap: ReadonlySignal<TeamEvent | null>
  saveTemplate(template: Template): Promise<void>
  deleteTemplate(template: Template): Promise<void>
  plan(name: string, day: string, teams: readonly string[]): Promise<void>
  move(event: TeamEvent, team: string, gridId: number): Promise<void>
  callOff(event: TeamEvent): Promise<void>
  /** Plan again what was called off, as it was. */
  restore(event: TeamEvent): Promise<void>
  makeRota(asked: Omit<NewRota, 'place'>): Promise<void>
  deleteRota(rota: Rota): Promise<void>
  standIn(shift: Shift, day: string, team: string): Promise<void>
  follow(orphan: Orphan, gridId: number, name: string): Promise<void>
}

export function createTogether(
  { view }: Store,
  sheet: ReadonlySignal<string>,
  actor: ReadonlySignal<string>,
): Together {
  const place = computed(() => (view.value.room === 'staff' ? view.value.place : null))
  const shown = (...sheets: readonly TogetherSheet[]): string | null =>
    (sheets as readonly string[]).includes(sheet.value) ? place.value : null
  const firstDay = signal(today())
  const asOf = signal(today())
  const draft = signal<Template | null>(null)
  const pointed = signal<number | null>(null)
  const outcome = signal<TogetherOutcome | null>(null)
  const isBusy = signal(false)

  const templates = resource(() => shown('templates'), readTemplates)
  const teams = resource(() => shown('events', 'rota'), readTeams)
  const events = resource(() => shown('events'), readEvents)
  const onMap = computed(() => {
    const all = shown('events') ? (valueOf(events.loaded.value) ?? []) : []
    const now = today()
    const next = all.find(({ day }) => day >= now) ?? all.at(-1) ?? null
    return all.find(({ id }) => id === pointed.value) ?? next
  })
  const grids = resource(
    () => {
      const at = shown('events')
      const first = onMap.value?.teams[0]
      return at && first ? { at, network: first.network, level: first.level } : null
    },
    ({ at, network, level }, abort) => readGrids(at, network, level, abort),
  )
  const rotas = resource(() => shown('rota'), readRotas)
  const duty = resource(
    () => {
      const at = shown('rota')
      return at && firstDay.value ? { at, day: firstDay.value } : null
    },
    ({ at, day }, abort) => readDuty(at, day, DAYS_SHOWN, abort),
  )
  const past = resource(
    () => {
      const at = shown('history')
      return at && asOf.value ? { at, day: asOf.value } : null
    },
    // The end of the day, where the places are.
    ({ at, day }, abort) => readPast(at, `${day}T23:59:59+08:00`, abort),
  )
  const orphans = resource(() => shown('history'), readOrphans)

  effect(() => {
    void [place.value, sheet.value]
    untracked(() => {
      outcome.value = draft.value = pointed.value = null
    })
  })

  /** One step at a time; what is refused is told, and nothing has changed then. */
  const step = async (
    work: (place: string, actor: string) => Promise<TogetherOutcome>,
    stale: readonly { retry(): void }[],
  ): Promise<void> => {
    const at = place.peek()
    if (isBusy.peek() || at === null) return
    isBusy.value = true
    outcome.value = null
    try {
      outcome.value = await work(at, actor.peek())
    } catch (error) {
      outcome.value = { kind: 'refused', error }
    } finally {
      isBusy.value = false
    }
    for (const one of stale) one.retry()
  }

  return {
    templates,
    draft,
    teams,
    events,
    pointed,
    onMap,
    grids,
    rotas,
    duty,
    past,
    orphans,
    firstDay,
    asOf,
    outcome,
    isBusy,
    saveTemplate: (template) =>
      step(async (at, by) => {
        await putTemplate(at, template, by)
        draft.value = null
        return { kind: 'template', key: template.key }
      }, [templates]),
    deleteTemplate: (template) =>
      step(async (at, by) => {
        await deleteTemplate(at, template, by)
        return { kind: 'template-gone', template }
      }, [templates]),
    plan: (name, day, going) =>
      step(async (at, by) => {
        const event = await planEvent({ place: at, name, day, teams: going }, by)
        pointed.value = event.id
        return { kind: 'planned', event }
      }, [events]),
    move: (event, team, gridId) =>
      step(async (_, by) => {
        await moveTeam(event, team, gridId, by)
        return { kind: 'moved', team }
      }, [events]),
    callOff: (event) =>
      step(async (_, by) => {
        await deleteEvent(event, by)
        return { kind: 'called-off', event }
      }, [events]),
    restore: ({ name, day, teams: going }) =>
      step(async (at, by) => {
        const fixed = Object.fromEntries(going.map(({ team, grid_id }) => [team, grid_id]))
        const [first] = going
        const event = await planEvent(
          {
            place: at,
            name,
            day,
            teams: Object.keys(fixed),
            fixed,
            ...(first ? { network: first.network, level: first.level } : {}),
          },
          by,
        )
        return { kind: 'planned', event }
      }, [events]),
    makeRota: (asked) =>
      step(async (at, by) => {
        await makeRota({ ...asked, place: at }, by)
        return { kind: 'rota', name: asked.name }
      }, [rotas, duty]),
    deleteRota: (rota) =>
      step(async (_, by) => {
        await deleteRota(rota, by)
        return { kind: 'rota-gone', name: rota.name }
      }, [rotas, duty]),
    standIn: (shift, day, team) =>
      step(async (_, by) => {
        await standIn(shift, day, team, by)
        return { kind: 'stands-in', team, day }
      }, [rotas, duty]),
    follow: (orphan, gridId, name) =>
      step(async (_, by) => {
        await moveOrphan(orphan.id, gridId, by)
        return { kind: 'followed', name }
      }, [orphans, past]),
  }
}
