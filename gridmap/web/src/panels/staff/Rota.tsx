/** Weekly patrols: whose turn it is, who is on duty on a day, and who stands in. */

import type { DutyDay, Rota as Weekly, Shift } from '../../api/staff-together'
import { valueOf } from '../../state/resource'
import { useApp } from '../app'
import { Waiting } from '../parts/Message'

import { NewRota } from './NewRota'
import { TogetherOutcome } from './TogetherOutcome'

export function Rota() {
  const { together, speech } = useApp()
  const words = speech.value
  const teams = together.teams.loaded.value
  const rotas = together.rotas.loaded.value
  return (
    <section class="together" aria-label={words.say('staff.sheet.rota')} aria-busy={together.isBusy.value}>
      <TogetherOutcome />
      <Duty />
      <Waiting loaded={rotas} retry={together.rotas.retry} />
      {rotas.state === 'ready' && <Weekly rotas={rotas.value} />}
      <Waiting loaded={teams} retry={together.teams.retry} />
      {teams.state === 'ready' &&
        (teams.value.teams.length === 0 ? (
          <p>{words.say('staff.events.noteams')}</p>
        ) : (
          <NewRota teams={teams.value.teams} />
        ))}
    </section>
  )
}

function Duty() {
  const { together, speech } = useApp()
  const words = speech.value
  const loaded = together.duty.loaded.value
  const days = (valueOf(loaded) ?? []).filter(({ shifts }) => shifts.length > 0)
  return (
    <>
      <h3>{words.say('staff.rota.duty')}</h3>
      <label class="field as-of">
        <span>{words.say('staff.rota.day')}</span>
        <input
          type="date"
          name="first-day"
          required
          value={together.firstDay.value}
          onInput={({ currentTarget }) => {
            together.firstDay.value = currentTarget.value
          }}
        />
      </label>
      <Waiting loaded={loaded} retry={together.duty.retry} />
      {loaded.state === 'ready' && days.length === 0 && <p class="quiet">{words.say('staff.rota.nobody')}</p>}
      <ol class="rows" data-list="duty">
        {days.flatMap((day) =>
          day.shifts.map((shift) => (
            <OnDuty key={`${day.day}/${shift.rota_id}/${shift.team}`} day={day} shift={shift} />
          )),
        )}
      </ol>
    </>
  )
}

function OnDuty({ day: { day, shifts }, shift }: { day: DutyDay; shift: Shift }) {
  const { together, speech } = useApp()
  const words = speech.value
  const taken = new Set(shifts.flatMap(({ team, instead_of }) => [team, instead_of ?? team]))
  const turn = shift.instead_of ?? shift.team
  const teams = (valueOf(together.teams.loaded.value)?.teams ?? []).map(({ team }) => team)
  return (
    <li class="event-team" data-day={day} data-team={shift.team}>
      <p class="duty-day">
        <strong>{words.day(day, true)}</strong>
        <small class="number">
          {shift.from_time.slice(0, 5)}–{shift.to_time.slice(0, 5)} · {shift.rota}
        </small>
      </p>
      <select
        aria-label={words.say('staff.rota.stand', { day: words.day(day) })}
        value={shift.team}
        disabled={together.isBusy.value}
        onChange={({ currentTarget }) => void together.standIn(shift, day, currentTarget.value)}
      >
        {!teams.includes(shift.team) && <option value={shift.team}>{shift.team}</option>}
        {teams
          .filter((team) => team === shift.team || team === turn || !taken.has(team))
          .map((team) => (
            <option key={team} value={team}>
              {team === shift.team && shift.instead_of
                ? `${team} · ${words.say('staff.rota.instead', { team: shift.instead_of })}`
                : team}
            </option>
          ))}
      </select>
      <small>
        {shift.members
          .map(({ name, here }) => (here ? name : words.say('staff.rota.absent', { name })))
          .join(words.language === 'zh' ? '、' : ', ')}
      </small>
    </li>
  )
}

function Weekly({ rotas }: { rotas: readonly Weekly[] }) {
  const { together, speech } = useApp()
  const words = speech.value
  if (rotas.length === 0) return <p class="quiet">{words.say('staff.rota.none')}</p>
  return (
    <ul class="rows" data-list="rotas">
      {rotas.map((rota) => (
        <li key={rota.id} class="rota">
          <span>{rota.name}</span>
          <small>{words.say('staff.rota.cycle', { weeks: rota.weeks })}</small>
          <button
            type="button"
            class="button"
            data-do="delete-rota"
            disabled={together.isBusy.value}
            onClick={() => void together.deleteRota(rota)}
          >
            {words.say('staff.rota.delete', { name: rota.name })}
          </button>
        </li>
      ))}
    </ul>
  )
}
