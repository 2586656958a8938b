/** Who holds what in the thing that is selected, with its lock; and the way to somebody new. */

import { useSignal } from '@preact/signals'

import type { HeldPost } from '../../api/staff-loads'
import { problemIn } from '../../i18n/refusals'
import type { Detail } from '../../state/data'
import { valueOf } from '../../state/resource'
import { useApp } from '../app'

const KINDS: Readonly<Record<string, string>> = { grids: 'grid', buildings: 'building' }

export function AreaPosts({ detail }: { detail: Detail }) {
  const { desk, speech } = useApp()
  const words = speech.value
  const kind = KINDS[detail.selection.layer]
  const loads = valueOf(desk.loads.loaded.value)
  if (!kind || !loads) return null
  const posts = loads.posts.filter((post) => post.kind === kind && post.target_id === detail.selection.id)
  return (
    <section class="area-posts" aria-label={words.say('staff.area')}>
      <h3>{words.say('staff.area')}</h3>
      {posts.length === 0 && <p class="quiet">{words.say('staff.area.none')}</p>}
      <ul class="rows" data-list="area-posts">
        {posts.map((post) => (
          <Post key={post.assignment_id} post={post} />
        ))}
      </ul>
      {desk.refused.value !== null && (
        <p class="plan-notice alarm" role="alert">
          {problemIn(words, desk.refused.value)}
        </p>
      )}
      <Somebody kind={kind} detail={detail} />
    </section>
  )
}

function Post({ post }: { post: HeldPost }) {
  const { desk, speech } = useApp()
  const words = speech.value
  return (
    <li data-assignment={post.assignment_id} data-locked={post.locked}>
      <span>{post.staff_name}</span>
      <button
        type="button"
        class="button"
        data-do="lock"
        aria-pressed={post.locked}
        aria-label={words.say(post.locked ? 'staff.unlock.name' : 'staff.lock.name', { name: post.staff_name ?? '' })}
        onClick={() => void desk.lock(post, !post.locked)}
      >
        {words.say(post.locked ? 'staff.unlock' : 'staff.lock')}
      </button>
      <small>
        {words.term('role', post.role)}
        {post.walk_m !== null && ` · ${words.say('staff.walk', { distance: words.distance(post.walk_m) })}`}
        {post.locked && ` · ${words.say('staff.locked')}`}
      </small>
    </li>
  )
}

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
            code: textOf(properties['code']),
            lon,
            lat,
            template: '',
            level: typeof level === 'number' ? String(level) : kind,
            missing: 1,
            full_time: same?.full_time ?? false,
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
