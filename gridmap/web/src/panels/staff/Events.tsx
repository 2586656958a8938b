/** Events of one day: every team goes to a grid of its own. */

import { useComputed, useSignal } from '@preact/signals'

import type { TeamEvent, TeamPlace, Teams } from '../../api/staff-together'
import { valueOf } from '../../state/resource'
import { nextDay, today } from '../../state/days'
import { useApp } from '../app'
import { Waiting } from '../parts/Message'

import { teamColour } from './event-on-map'
import { TeamChoice, usual } from './TeamChoice'
import { TogetherOutcome } from './TogetherOutcome'

/** Degrees around a grid's middle, about three hundred metres. */
const AROUND = 0.003
const FIRST_OF_MONTH = 1

export function Events() {
  const { together, speech } = useApp()
  const words = speech.value
  const teams = together.teams.loaded.value
  const events = together.events.loaded.value
  return (
    <section class="together" aria-label={words.say('staff.sheet.events')} aria-busy={together.isBusy.value}>
      <p class="quiet">{words.say('staff.events.text')}</p>
      <TogetherOutcome />
      <Waiting loaded={events} retry={together.events.retry} />
      {events.state === 'ready' && events.value.length === 0 && <p class="quiet">{words.say('staff.events.none')}</p>}
      {events.state === 'ready' && events.value.map((event) => <Planned key={event.id} event={event} />)}
      <Waiting loaded={teams} retry={together.teams.retry} />
      {teams.state === 'ready' &&
        (teams.value.teams.length === 0 ? (
          <p>{words.say('staff.events.noteams')}</p>
        ) : (
          <NewEvent teams={teams.value} />
        ))}
    </section>
  )
}

function NewEvent({ teams }: { teams: Teams }) {
  const { together, speech } = useApp()
  const words = speech.value
  const name = useSignal(words.say('staff.events.name.usual'))
  const day = useSignal(nextDay(teams.activity_day ?? FIRST_OF_MONTH, today()))
  const going = useSignal<ReadonlySet<string>>(new Set(usual(teams.teams)))
  const chosen = useComputed(() => teams.teams.map(({ team }) => team).filter((team) => going.value.has(team)))
  return (
    <form
      class="staff-terms"
      data-form="event"
      onSubmit={(event) => {
        event.preventDefault()
        void together.plan(name.value, day.value, chosen.value)
      }}
    >
      <label class="field">
        <span>{words.say('staff.events.name')}</span>
        <input
          name="name"
          required
          maxLength={100}
          value={name.value}
          onInput={({ currentTarget }) => {
            name.value = currentTarget.value
          }}
        />
      </label>
      <label class="field">
        <span>{words.say('staff.events.day')}</span>
        <input
          name="day"
          type="date"
          required
          value={day.value}
          onInput={({ currentTarget }) => {
            day.value = currentTarget.value
          }}
        />
      </label>
      <TeamChoice teams={teams.teams} going={going} />
      <button
        type="submit"
        class="button primary"
        data-do="plan-event"
        disabled={together.isBusy.value || chosen.value.length === 0}
      >
        {words.say('staff.events.plan', { count: chosen.value.length })}
      </button>
    </form>
  )
}

function Planned({ event }: { event: TeamEvent }) {
  const { together, speech } = useApp()
  const words = speech.value
  const events = valueOf(together.events.loaded.value) ?? []
  return (
    <article class="event" data-event={event.id}>
      <h3>
        {words.day(event.day)} · {event.name}
      </h3>
      {events.length > 1 && (
        <button
          type="button"
          class="button"
          data-do="show-event"
          aria-pressed={together.onMap.value?.id === event.id}
          onClick={() => {
            together.pointed.value = event.id
          }}
        >
          {words.say('staff.events.map')}
        </button>
      )}
      <ul class="rows" data-list="event-teams">
        {event.teams.map((place) => (
          <Going key={place.team} event={event} place={place} />
        ))}
      </ul>
      <button
        type="button"
        class="button"
        data-do="call-off"
        disabled={together.isBusy.value}
        onClick={() => void together.callOff(event)}
      >
        {words.say('staff.events.off')}
      </button>
    </article>
  )
}

function Going({ event, place }: { event: TeamEvent; place: TeamPlace }) {
  const { together, actions, speech } = useApp()
  const words = speech.value
  const others = new Map(event.teams.map(({ team, grid_id }) => [grid_id, team]))
  const grids = valueOf(together.grids.loaded.value)?.items ?? []
  const isListed = grids.some(({ id }) => id === place.grid_id)
  const { lon, lat } = place
  return (
    <li class="event-team" data-team={place.team} data-grid={place.grid_id}>
      <span class="swatch" style={{ background: teamColour(event, place.team) }} />
      <button
        type="button"
        class="row-link"
        aria-label={words.say('staff.events.show', { grid: words.name(place) })}
        onClick={() => actions.goTo([lon - AROUND, lat - AROUND, lon + AROUND, lat + AROUND])}
      >
        <span>{place.team}</span>
        <small>{words.say('staff.events.members', { count: place.members })}</small>
      </button>
      <select
        aria-label={words.say('staff.events.goes', { team: place.team })}
        disabled={together.isBusy.value}
        value={place.grid_id}
        onChange={({ currentTarget }) => void together.move(event, place.team, Number(currentTarget.value))}
      >
        {!isListed && <option value={place.grid_id}>{words.name(place)}</option>}
        {grids.map(({ id, properties }) => {
          const other = others.get(id)
          return (
            <option key={id} value={id}>
              {other && other !== place.team
                ? words.say('staff.events.taken', { grid: words.name(properties), team: other })
                : words.name(properties)}
            </option>
          )
        })}
      </select>
      {place.ended && <p class="lacking">{words.say('staff.events.ended')}</p>}
    </li>
  )
}
