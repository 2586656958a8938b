/** Who is missing, and what is being done about it: one vacancy, or a proposal for all. */

import { computed, effect, signal, untracked, type ReadonlySignal, type Signal } from '@preact/signals'
import type { Geometry } from 'geojson'

import type { Spot } from '../api/plans'
import {
  acceptChanges,
  askProposal,
  readCandidates,
  readCompleteness,
  readPeople,
  readShape,
  sendAssignment,
  type Candidate,
  type Completeness,
  type Person,
  type Proposal,
  type Terms,
  type Vacancy,
} from '../api/staffing'
import type { Link } from '../api/staff-held'
import { contains } from '../geometry/inside-area'

import { resource, valueOf, type Resource } from './resource'
import { momentsOf, type Period } from './staff-held'
import type { Store } from './store'

/** What came of the last step. */
export type Outcome =
  | { readonly kind: 'assigned'; readonly person: string; readonly post: Vacancy; readonly link: Link }
  | { readonly kind: 'accepted'; readonly count: number }
  | { readonly kind: 'missed'; readonly post: Vacancy }
  | { readonly kind: 'refused'; readonly error: unknown }

/** A person on the way to the map, in pixels of the window. */
export interface Carried {
  readonly person: Candidate
  readonly x: number
  readonly y: number
  /** Whether the post would be given here. */
  readonly over: boolean
}

export interface Staffing {
  readonly completeness: Resource<Completeness>
  readonly people: Resource<readonly Person[]>
  /** The post that somebody is looked for. */
  readonly vacancy: ReadonlySignal<Vacancy | null>
  /** For which time the post is given, and as what. */
  readonly manner: Signal<Period & { readonly link: Link }>
  readonly candidates: Resource<readonly Candidate[]>
  readonly shape: ReadonlySignal<Geometry | null>
  readonly proposal: ReadonlySignal<Proposal | null>
  readonly terms: Signal<Terms>
  /** Numbers of the changes that are taken. */
  readonly taken: Signal<ReadonlySet<number>>
  /** The change that somebody looks at; then the map shows only its chain. */
  readonly pointed: Signal<number | null>
  readonly outcome: ReadonlySignal<Outcome | null>
  readonly isBusy: ReadonlySignal<boolean>
  readonly carried: Signal<Carried | null>
  look(vacancy: Vacancy | null): void
  assign(person: Candidate): Promise<void>
  /** Whether a point lies on what the post is for; `near` says it where that has no area. */
  covers(spot: Spot, near: (post: Spot) => boolean): boolean
  miss(): void
  propose(): Promise<void>
  accept(): Promise<void>
  dismiss(): void
}

/** Somebody without the role cannot hold the post, and who is absent cannot now. */
export function canHold({ reasons }: Candidate): boolean {
  return !reasons.includes('role') && !reasons.includes('absent')
}

const NOW_AND_ON = { from: '', until: '', link: 'duty' } as const

export function createStaffing({ view }: Store, actor: ReadonlySignal<string>): Staffing {
  const place = computed(() => (view.value.room === 'staff' ? view.value.place : null))
  const vacancy = signal<Vacancy | null>(null)
  const manner = signal<Staffing['manner']['value']>(NOW_AND_ON)
  const proposal = signal<Proposal | null>(null)
  const terms = signal<Terms>({ max_walk_m: 2000, level_households: null, demands: [] })
  const taken = signal<ReadonlySet<number>>(new Set())
  const pointed = signal<number | null>(null)
  const outcome = signal<Outcome | null>(null)
  const isBusy = signal(false)
  const carried = signal<Carried | null>(null)
  const completeness = resource(() => place.value, readCompleteness)
  const people = resource(() => (proposal.value ? place.value : null), readPeople)
  const candidates = resource(
    () => {
      const [key, post] = [place.value, vacancy.value]
      return key && post ? { place: key, post } : null
    },
    (asked, abort) => readCandidates(asked.place, asked.post, abort),
  )
  const shapes = resource(
    () => vacancy.value && { kind: vacancy.value.kind, id: vacancy.value.target_id },
    ({ kind, id }, abort) => readShape(kind, id, abort),
  )
  const shape = computed(() => valueOf(shapes.loaded.value))

  effect(() => {
    void place.value
    untracked(() => {
      vacancy.value = null
      proposal.value = null
      outcome.value = null
    })
  })

  /** One step at a time; what is refused is told, and nothing has changed then. */
  const step = async (work: (place: string) => Promise<void>): Promise<void> => {
    const at = place.peek()
    if (isBusy.peek() || at === null) return
    isBusy.value = true
    outcome.value = null
    try {
      await work(at)
    } catch (error) {
      outcome.value = { kind: 'refused', error }
    } finally {
      isBusy.value = false
    }
  }

  return {
    completeness,
    people,
    vacancy,
    manner,
    candidates,
    shape,
    proposal,
    terms,
    taken,
    pointed,
    outcome,
    isBusy,
    carried,
    look(next) {
      outcome.value = null
      manner.value = NOW_AND_ON
      vacancy.value = next
    },
    assign: (person) =>
      step(async () => {
        const post = vacancy.peek()
        if (!post) return
        const { link, ...period } = manner.peek()
        await sendAssignment(person.staff_id, post, { ...momentsOf(period), link }, actor.peek())
        outcome.value = { kind: 'assigned', person: person.name, post, link }
        vacancy.value = null
        completeness.retry()
      }),
    covers(spot, near) {
      const post = vacancy.peek()
      if (!post) return false
      const ground = shape.peek()
      return (ground !== null && contains(ground, spot)) || near([post.lon, post.lat])
    },
    miss() {
      const post = vacancy.peek()
      if (post) outcome.value = { kind: 'missed', post }
    },
    propose: () =>
      step(async (at) => {
        const found = await askProposal(at, terms.peek(), actor.peek())
        if (place.peek() !== at) return
        taken.value = new Set(found.changes.keys())
        pointed.value = null
        proposal.value = found
      }),
    accept: () =>
      step(async (at) => {
        const chosen = (proposal.peek()?.changes ?? []).filter((_, i) => taken.peek().has(i))
        const { accepted } = await acceptChanges(at, chosen, actor.peek())
        proposal.value = null
        outcome.value = { kind: 'accepted', count: accepted }
        completeness.retry()
      }),
    dismiss() {
      proposal.value = null
      outcome.value = null
    },
  }
}
