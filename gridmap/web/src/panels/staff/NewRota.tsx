/** The form of a weekly patrol. */

import { useComputed, useSignal } from '@preact/signals'

import type { Teams } from '../../api/staff-together'
import { today } from '../../state/days'
import { useApp } from '../app'

import { TeamChoice, usual } from './TeamChoice'

const WEEKDAYS = [1, 2, 3, 4, 5, 6, 7] as const
const WEEKEND: ReadonlySet<number> = new Set([6, 7])

export function NewRota({ teams }: { teams: Teams['teams'] }) {
  const { together, speech } = useApp()
  const words = speech.value
  const asked = useSignal({
    name: words.say('staff.rota.name.usual'),
    begins: today(),
    from_time: '19:00',
    to_time: '21:00',
  })
  const days = useSignal<ReadonlySet<number>>(WEEKEND)
  const going = useSignal<ReadonlySet<string>>(new Set(usual(teams)))
  const chosen = useComputed(() => teams.map(({ team }) => team).filter((team) => going.value.has(team)))
  const fields = [
    ['begins', 'date', 'staff.rota.begins'],
    ['from_time', 'time', 'staff.rota.from'],
    ['to_time', 'time', 'staff.rota.to'],
  ] as const
  return (
    <form
      class="staff-terms"
      data-form="rota"
      onSubmit={(event) => {
        event.preventDefault()
        void together.makeRota({ ...asked.value, teams: chosen.value, weekdays: [...days.value].sort() })
      }}
    >
      <p class="quiet">{words.say('staff.rota.text')}</p>
      <label class="field">
        <span>{words.say('staff.rota.name')}</span>
        <input
          name="name"
          required
          maxLength={100}
          value={asked.value.name}
          onInput={({ currentTarget }) => {
            asked.value = { ...asked.value, name: currentTarget.value }
          }}
        />
      </label>
      {fields.map(([name, type, label]) => (
        <label key={name} class="field">
          <span>{words.say(label)}</span>
          <input
            name={name}
            type={type}
            required
            value={asked.value[name]}
            onInput={({ currentTarget }) => {
              asked.value = { ...asked.value, [name]: currentTarget.value }
            }}
          />
        </label>
      ))}
      <fieldset class="team-choice weekdays">
        <legend>{words.say('staff.rota.weekdays')}</legend>
        {WEEKDAYS.map((number) => (
          <label key={number}>
            <input
              type="checkbox"
              name="weekday"
              value={number}
              checked={days.value.has(number)}
              onChange={({ currentTarget }) => {
                const next = new Set(days.value)
                if (currentTarget.checked) next.add(number)
                else next.delete(number)
                days.value = next
              }}
            />
            <span>{words.weekday(number)}</span>
          </label>
        ))}
      </fieldset>
      <TeamChoice teams={teams} going={going} />
      <button
        type="submit"
        class="button primary"
        data-do="make-rota"
        disabled={together.isBusy.value || chosen.value.length === 0 || days.value.size === 0}
      >
        {words.say('staff.rota.make')}
      </button>
    </form>
  )
}
