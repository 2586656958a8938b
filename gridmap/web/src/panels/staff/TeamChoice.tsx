/** Which teams take part. */

import type { Signal } from '@preact/signals'

import type { Teams } from '../../api/staff-together'
import { useApp } from '../app'

/** The teams that go when nobody chooses: those of volunteers. */
export function usual(teams: Teams['teams']): readonly string[] {
  return teams.filter(({ volunteers }) => volunteers).map(({ team }) => team)
}

export function TeamChoice({
  teams,
  going,
}: {
  teams: Teams['teams']
  going: Signal<ReadonlySet<string>>
}) {
  const { speech } = useApp()
  const words = speech.value
  return (
    <fieldset class="team-choice">
      <legend>{words.say('staff.events.teams')}</legend>
      {teams.map(({ team, members }) => (
        <label key={team}>
          <input
            type="checkbox"
            name="team"
            value={team}
            checked={going.value.has(team)}
            onChange={({ currentTarget }) => {
              const next = new Set(going.value)
              if (currentTarget.checked) next.add(team)
              else next.delete(team)
              going.value = next
            }}
          />
          <span>{team}</span>
          <small>{words.say('staff.events.members', { count: members })}</small>
        </label>
      ))}
    </fieldset>
  )
}
