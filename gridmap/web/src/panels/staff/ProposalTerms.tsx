/** What the next proposal keeps to: the longest walk, load that is evened out, a skill. */

import { useSignal } from '@preact/signals'

import { valueOf } from '../../state/resource'
import { useApp } from '../app'

const WALKS = [500, 1000, 2000, 5000] as const
/** Households that one person looks after: two micro-grids of the usual size. */
const LIMIT = 110

export function ProposalTerms() {
  const { staffing, desk, speech } = useApp()
  const words = speech.value
  const terms = staffing.terms.value
  const people = valueOf(desk.loads.loaded.value)?.people ?? []
  const roles = [...new Set(people.flatMap((one) => one.roles))].sort()
  const demand = terms.demands[0]
  const role = useSignal(demand?.role ?? '')
  const skill = useSignal(demand?.skills.join(' ') ?? '')
  const put = (members: Partial<typeof terms>) => {
    staffing.terms.value = { ...terms, ...members }
  }
  const demands = () => {
    const skills = skill.value.split(/[\s,，、]+/).filter(Boolean)
    put({ demands: role.value && skills.length > 0 ? [{ role: role.value, skills }] : [] })
  }
  return (
    <details class="staff-terms">
      <summary>{words.say('staff.terms')}</summary>
      <label class="field">
        <span>{words.say('staff.terms.walk')}</span>
        <select
          name="max-walk"
          value={terms.max_walk_m}
          onChange={(event) => put({ max_walk_m: Number(event.currentTarget.value) })}
        >
          {WALKS.map((metres) => (
            <option key={metres} value={metres}>
              {words.distance(metres)}
            </option>
          ))}
        </select>
      </label>
      <label class="check">
        <input
          type="checkbox"
          data-do="level"
          checked={terms.level_households !== null}
          onChange={(event) => put({ level_households: event.currentTarget.checked ? LIMIT : null })}
        />
        <span>
          {words.say('staff.terms.level')}
          <small>{words.say('staff.terms.level.hint', { count: LIMIT })}</small>
        </span>
      </label>
      <label class="field">
        <span>{words.say('staff.terms.skill.role')}</span>
        <select
          name="demand-role"
          value={role.value}
          onChange={(event) => {
            role.value = event.currentTarget.value
            demands()
          }}
        >
          <option value="">{words.say('common.none')}</option>
          {roles.map((one) => (
            <option key={one} value={one}>
              {words.term('role', one)}
            </option>
          ))}
        </select>
      </label>
      {role.value && (
        <label class="field">
          <span>{words.say('staff.terms.skill')}</span>
          <input
            name="demand-skill"
            maxLength={100}
            autocomplete="off"
            value={skill.value}
            onInput={(event) => {
              skill.value = event.currentTarget.value
              demands()
            }}
          />
        </label>
      )}
    </details>
  )
}
