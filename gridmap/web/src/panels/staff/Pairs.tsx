/** Pairs of staff with households of a building, which have a number and no name. */

import { useSignal } from '@preact/signals'

import { dayOf, lastDayBefore } from '../../state/days'
import { valueOf } from '../../state/resource'
import type { Period } from '../../state/staff-held'
import { useApp } from '../app'
import { Waiting } from '../parts/Message'

import { PeriodFields } from './PeriodFields'
import { periodInWords } from './words'

const USUAL = 'volunteer'

export function Pairs() {
  const { desk, speech } = useApp()
  const words = speech.value
  const { held } = desk
  const loaded = held.pairs.loaded.value
  if (held.target.value?.kind !== 'building') return null
  return (
    <section class="area-posts" aria-label={words.say('staff.pairs')}>
      <h3>{words.say('staff.pairs')}</h3>
      <p class="quiet">{words.say('staff.pairs.text')}</p>
      <Waiting loaded={loaded} retry={held.pairs.retry} />
      {loaded.state === 'ready' && loaded.value.length === 0 && (
        <p class="quiet">{words.say('staff.pairs.none')}</p>
      )}
      {loaded.state === 'ready' && (
        <ul class="rows" data-list="pairs">
          {loaded.value.map((pair) => (
            <li key={pair.id} data-assignment={pair.id}>
              <span>{pair.target_code}</span>
              <button
                type="button"
                class="button"
                data-do="end-pair"
                disabled={held.isBusy.value}
                aria-label={words.say('staff.pairs.end.name', { name: pair.staff_name, code: pair.target_code ?? '' })}
                onClick={() => void held.end(pair, '')}
              >
                {words.say('staff.held.end')}
              </button>
              <small>
                {pair.staff_name} · {words.term('role', pair.role)} ·{' '}
                {periodInWords(words, dayOf(pair.begins), pair.ends && lastDayBefore(pair.ends))}
              </small>
            </li>
          ))}
        </ul>
      )}
      <NewPair />
    </section>
  )
}

function NewPair() {
  const { desk, speech } = useApp()
  const words = speech.value
  const { held } = desk
  const people = valueOf(desk.loads.loaded.value)?.people ?? []
  const roles = [...new Set(people.flatMap((person) => person.roles))].sort()
  const role = useSignal(roles.includes(USUAL) ? USUAL : (roles[0] ?? ''))
  const who = useSignal('')
  const period = useSignal<Period>({ from: '', until: '' })
  if (people.length === 0) return null
  const able = people.filter((person) => person.roles.includes(role.value) && !person.absent)
  return (
    <form
      class="staff-terms"
      data-form="pair"
      onSubmit={(event) => {
        event.preventDefault()
        const person = able.find(({ staff_id }) => String(staff_id) === who.value)
        if (person) void held.pair(person, role.value, period.value)
      }}
    >
      <h4>{words.say('staff.pairs.new')}</h4>
      <select
        name="pair-role"
        aria-label={words.say('staff.vacancies.role')}
        value={role.value}
        onChange={({ currentTarget }) => {
          who.value = ''
          role.value = currentTarget.value
        }}
      >
        {roles.map((one) => (
          <option key={one} value={one}>
            {words.term('role', one)}
          </option>
        ))}
      </select>
      <select
        name="pair-person"
        required
        aria-label={words.say('staff.candidates')}
        value={who.value}
        onChange={({ currentTarget }) => {
          who.value = currentTarget.value
        }}
      >
        <option value="">{words.say('staff.pairs.person')}</option>
        {able.map(({ staff_id, name, posts, capacity }) => (
          <option key={staff_id} value={String(staff_id)}>
            {`${name} · ${words.say('staff.posts', { posts, capacity })}`}
          </option>
        ))}
      </select>
      <PeriodFields
        period={period.value}
        put={(part) => {
          period.value = { ...period.value, ...part }
        }}
      />
      <button type="submit" class="button primary" data-do="pair" disabled={held.isBusy.value || who.value === ''}>
        {words.say('staff.pairs.make')}
      </button>
    </form>
  )
}
