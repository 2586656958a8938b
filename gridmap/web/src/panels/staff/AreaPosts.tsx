/** Who holds what in the thing that is selected, with its lock; and the way to somebody new. */

import { useSignal } from '@preact/signals'

import { problemIn } from '../../i18n/refusals'
import type { Detail } from '../../state/data'
import { valueOf } from '../../state/resource'
import { useApp } from '../app'
import { Waiting } from '../parts/Message'

import { HeldRow } from './HeldRow'
import { Pairs } from './Pairs'

export function AreaPosts({ detail }: { detail: Detail }) {
  const { desk, speech } = useApp()
  const words = speech.value
  const { held } = desk
  const kind = held.target.value?.kind
  const loaded = held.held.loaded.value
  if (!kind) return null
  return (
    <>
      <section class="area-posts" aria-label={words.say('staff.area')} aria-busy={held.isBusy.value}>
        <h3>{words.say('staff.area')}</h3>
        <HeldOutcomeBox />
        <Waiting loaded={loaded} retry={held.held.retry} />
        {loaded.state === 'ready' && loaded.value.length === 0 && (
          <p class="quiet">{words.say('staff.area.none')}</p>
        )}
        {loaded.state === 'ready' && (
          <ul class="rows" data-list="area-posts">
            {loaded.value.map((post) => (
              <HeldRow key={post.id} post={post} />
            ))}
          </ul>
        )}
        <Somebody kind={kind} detail={detail} />
      </section>
      <Pairs />
    </>
  )
}

function HeldOutcomeBox() {
  const { desk, speech } = useApp()
  const words = speech.value
  const outcome = desk.held.outcome.value
  if (!outcome) return <div role="status" />
  if (outcome.kind === 'refused') {
    return (
      <p class="plan-notice alarm" role="alert">
        {problemIn(words, outcome.error)}
      </p>
    )
  }
  return (
    <p class="plan-notice" role="status" data-outcome={outcome.kind}>
      {words.say(SAID[outcome.kind], { ...outcome })}
    </p>
  )
}

const SAID = {
  ended: 'staff.held.ended',
  'handed-over': 'staff.held.handed-over',
  paired: 'staff.held.paired',
  absent: 'staff.held.absent.done',
  back: 'staff.held.back.done',
} as const

/** An area first, then a person: the candidates of any role, the nearest first. */
function Somebody({ kind, detail }: { kind: string; detail: Detail }) {
  const { desk, staffing, actions, speech } = useApp()
  const words = speech.value
  const role = useSignal('')
  const loads = valueOf(desk.loads.loaded.value)
  if (!loads || !detail.point) return null
  const roles = [...new Set(loads.people.flatMap((person) => person.roles))].sort()
  const [lon, lat] = detail.point
  const { properties } = detail.item
  return (
    <div class="filters">
      <select
        name="area-role"
        aria-label={words.say('staff.vacancies.role')}
        value={role.value}
        onChange={(event) => {
          role.value = event.currentTarget.value
        }}
      >
        <option value="">{words.say('staff.lasso.role')}</option>
        {roles.map((one) => (
          <option key={one} value={one}>
            {words.term('role', one)}
          </option>
        ))}
      </select>
      <button
        type="button"
        class="button primary"
        data-do="find-somebody"
        disabled={role.value === ''}
        onClick={() => {
          const level = properties['level']
          // Whether a role is full-time is what its other posts are.
          const same = loads.posts.find((post) => post.role === role.value && post.kind === kind)
          actions.select(null)
          staffing.look({
            kind,
            target_id: detail.selection.id,
            role: role.value,
            name: textOf(properties['name']) ?? textOf(properties['address']),
            name_en: textOf(properties['name_en']),
            code: textOf(properties['code']),
            lon,
            lat,
            template: '',
            level: typeof level === 'number' ? String(level) : kind,
            missing: 1,
            full_time: same?.full_time ?? false,
            skills: [],
          })
        }}
      >
        {words.say('staff.area.find')}
      </button>
    </div>
  )
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}
