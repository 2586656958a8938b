/** One post of somebody: its kind and period, its lock, and the ways to change it. */

import { useSignal } from '@preact/signals'
import type { ComponentChildren } from 'preact'

import type { HeldHere } from '../../api/staff-held'
import { dayOf, lastDayBefore } from '../../state/days'
import { valueOf } from '../../state/resource'
import { canHold } from '../../state/staffing'
import { useApp } from '../app'
import { Waiting } from '../parts/Message'

import { periodInWords } from './words'

export function HeldRow({ post }: { post: HeldHere }) {
  const { desk, speech } = useApp()
  const { held } = desk
  const words = speech.value
  const isOpen = held.open.value === post.id
  const duty = valueOf(desk.loads.loaded.value)?.posts.find(({ assignment_id }) => assignment_id === post.id)
  const name = post.staff_name
  return (
    <li data-assignment={post.id} data-locked={post.locked} data-link={post.link}>
      <span>{name}</span>
      <span class="held-buttons">
        <button
          type="button"
          class="button"
          data-do="lock"
          aria-pressed={post.locked}
          aria-label={words.say(post.locked ? 'staff.unlock.name' : 'staff.lock.name', { name })}
          onClick={() => void held.lock(post, !post.locked)}
        >
          {words.say(post.locked ? 'staff.unlock' : 'staff.lock')}
        </button>
        <button
          type="button"
          class="button"
          data-do="change-post"
          aria-expanded={isOpen}
          aria-label={words.say('staff.held.more.name', { name })}
          onClick={() => {
            held.open.value = isOpen ? null : post.id
          }}
        >
          {words.say('staff.held.more')}
        </button>
      </span>
      <small>
        {[
          words.term('role', post.role),
          post.link !== 'duty' && words.term('link', post.link),
          post.full_time && words.say('staff.full'),
          duty && duty.walk_m !== null && words.say('staff.walk', { distance: words.distance(duty.walk_m) }),
          periodInWords(words, dayOf(post.begins), post.ends && lastDayBefore(post.ends)),
          post.locked && words.say('staff.locked'),
        ]
          .filter(Boolean)
          .join(' · ')}
      </small>
      {isOpen && <Change post={post} />}
    </li>
  )
}

function Change({ post }: { post: HeldHere }) {
  const { desk, speech } = useApp()
  const words = speech.value
  const { held } = desk
  const lastDay = useSignal('')
  const backOn = useSignal('')
  const heir = useSignal('')
  const loaded = held.heirs.loaded.value
  const able = (valueOf(loaded) ?? []).filter((one) => canHold(one) && one.staff_id !== post.staff_id)
  const person = { staff_id: post.staff_id, name: post.staff_name }
  const isAway = valueOf(desk.loads.loaded.value)?.people.find(({ staff_id }) => staff_id === post.staff_id)?.absent
  const isBusy = held.isBusy.value
  return (
    <div class="held-change">
      <Step label={words.say('staff.held.heir')} act={words.say('staff.held.hand')} name="hand-over"
        disabled={isBusy || heir.value === ''}
        onAct={() => {
          const to = able.find(({ staff_id }) => String(staff_id) === heir.value)
          if (to) void held.handOver(post, to)
        }}
      >
        <Waiting loaded={loaded} retry={held.heirs.retry} />
        {loaded.state === 'ready' && (
          <select
            name="heir"
            aria-label={words.say('staff.held.heir')}
            value={heir.value}
            onChange={({ currentTarget }) => { heir.value = currentTarget.value }}
          >
            <option value="">{words.say('staff.held.heir.choose')}</option>
            {able.slice(0, 30).map((one) => (
              <option key={one.staff_id} value={String(one.staff_id)}>
                {`${one.name} · ${words.say('staff.posts', { posts: one.posts, capacity: one.capacity })}`}
                {one.walk_m === null ? '' : ` · ${words.distance(one.walk_m)}`}
              </option>
            ))}
          </select>
        )}
      </Step>
      <Step label={words.say('staff.held.end.day')} act={words.say('staff.held.end')} name="end-post"
        disabled={isBusy} onAct={() => void held.end(post, lastDay.value)}
      >
        <input type="date" name="last-day" aria-label={words.say('staff.held.end.day')} value={lastDay.value}
          onInput={({ currentTarget }) => { lastDay.value = currentTarget.value }} />
      </Step>
      {isAway ? (
        <button type="button" class="button" data-do="back" disabled={isBusy} onClick={() => void held.setAbsence(person, null)}>
          {words.say('staff.held.back')}
        </button>
      ) : (
        <Step label={words.say('staff.held.absent.day')} act={words.say('staff.held.absent')} name="absent"
          disabled={isBusy} onAct={() => void held.setAbsence(person, backOn.value)}
        >
          <input type="date" name="back-on" aria-label={words.say('staff.held.absent.day')} value={backOn.value}
            onInput={({ currentTarget }) => { backOn.value = currentTarget.value }} />
        </Step>
      )}
    </div>
  )
}

/** A field and the button that acts on it. */
function Step(props: {
  label: string
  act: string
  name: string
  disabled: boolean
  onAct: () => void
  children: ComponentChildren
}) {
  return (
    <div class="held-step">
      <span class="quiet">{props.label}</span>
      {props.children}
      <button type="button" class="button" data-do={props.name} disabled={props.disabled} onClick={props.onAct}>
        {props.act}
      </button>
    </div>
  )
}
