/** Draw a ring, choose a role and a person, see what would come of it, and give all or nothing. */

import type { BulkAnswer } from '../../api/staff-loads'
import { problemIn } from '../../i18n/refusals'
import { valueOf } from '../../state/resource'
import { useApp } from '../app'
import { CutChoice } from '../map/CutChoice'
import { Choice } from '../parts/Choice'
import { Waiting } from '../parts/Message'

const LISTED = 100
const OFFERED = 30

export function Bulk() {
  const { desk, data, speech } = useApp()
  const words = speech.value
  const { lasso } = desk
  const cut = data.cut.value
  const targets = lasso.targets.value
  return (
    <section class="bulk" aria-label={words.say('staff.sheet.lasso')} aria-busy={lasso.isBusy.value}>
      <p class="quiet">{words.say('staff.lasso.text')}</p>
      <Choice
        label={words.say('staff.lasso.kind')}
        options={[
          { value: 'grid', label: cut ? words.label(cut.level) : words.say('staff.lasso.grids') },
          { value: 'building', label: words.say('staff.lasso.buildings') },
        ]}
        chosen={lasso.kind.value}
        choose={(value) => {
          lasso.clear()
          lasso.kind.value = value as 'grid' | 'building'
        }}
      />
      {cut && lasso.kind.value === 'grid' && <CutChoice cut={cut} />}
      <Drawing />
      {lasso.refused.value !== null && (
        <p class="plan-notice alarm" role="alert">
          {problemIn(words, lasso.refused.value)}
        </p>
      )}
      {targets && (targets.length === 0 ? <p role="status">{words.say('staff.lasso.none')}</p> : <Given />)}
    </section>
  )
}

function Drawing() {
  const { desk, speech } = useApp()
  const words = speech.value
  const { lasso } = desk
  const points = lasso.points.value
  if (!points) {
    return (
      <div class="plan-buttons">
        <button type="button" class={lasso.ring.value ? 'button' : 'button primary'} data-do="lasso" onClick={lasso.draw}>
          {words.say(lasso.ring.value ? 'staff.lasso.again' : 'staff.lasso.draw')}
        </button>
      </div>
    )
  }
  return (
    <div class="toolbox">
      <p role="status">
        {words.say('staff.lasso.press')}{' '}
        {points.length > 0 && words.say('plan.draw.points', { count: points.length })}
      </p>
      <div class="plan-buttons">
        <button
          type="button"
          class="button primary"
          data-do="close-ring"
          disabled={points.length < 3 || lasso.isBusy.value}
          onClick={() => void lasso.close()}
        >
          {words.say('plan.draw.end')}
        </button>
        <button
          type="button"
          class="button"
          disabled={points.length === 0}
          onClick={() => {
            lasso.points.value = points.slice(0, -1)
          }}
        >
          {words.say('plan.draw.back')}
        </button>
        <button type="button" class="button" onClick={lasso.clear}>
          {words.say('plan.draw.cancel')}
        </button>
      </div>
    </div>
  )
}

function Given() {
  const { desk, speech } = useApp()
  const words = speech.value
  const { lasso } = desk
  const targets = lasso.targets.value ?? []
  const taken = lasso.taken.value
  const roles = [...new Set((valueOf(desk.loads.loaded.value)?.people ?? []).flatMap((one) => one.roles))].sort()
  const households = targets.reduce((sum, { id, households: count }) => sum + (taken.has(id) ? count : 0), 0)
  const answer = lasso.answer.value
  if (answer?.stored) {
    return (
      <p class="plan-notice" role="status" data-outcome="bulk">
        {words.say('staff.lasso.stored', { count: answer.results.length })}
      </p>
    )
  }
  return (
    <>
      <p class="chosen" role="status" data-count={taken.size}>
        {words.say('staff.lasso.chosen', { count: taken.size, households })}
      </p>
      <div class="filters">
        <select
          name="bulk-role"
          aria-label={words.say('staff.vacancies.role')}
          value={lasso.role.value}
          onChange={(event) => {
            lasso.person.value = null
            lasso.role.value = event.currentTarget.value
          }}
        >
          <option value="">{words.say('staff.lasso.role')}</option>
          {roles.map((role) => (
            <option key={role} value={role}>
              {words.term('role', role)}
            </option>
          ))}
        </select>
      </div>
      {lasso.role.value && <Person />}
      <label class="check">
        <input
          type="checkbox"
          data-do="beyond"
          checked={lasso.beyond.value}
          onChange={(event) => {
            lasso.beyond.value = event.currentTarget.checked
          }}
        />
        <span>{words.say('staff.lasso.beyond')}</span>
      </label>
      <Buttons answer={answer} />
      <Results answer={answer} />
    </>
  )
}

function Person() {
  const { desk, speech } = useApp()
  const words = speech.value
  const { lasso } = desk
  const loaded = lasso.candidates.loaded.value
  if (loaded.state !== 'ready') return <Waiting loaded={loaded} retry={lasso.candidates.retry} />
  const able = loaded.value.filter(({ reasons }) => !reasons.includes('role') && !reasons.includes('absent'))
  return (
    <div class="filters">
      <select
        name="bulk-person"
        aria-label={words.say('staff.candidates')}
        value={String(lasso.person.value ?? '')}
        onChange={(event) => {
          lasso.person.value = Number(event.currentTarget.value) || null
        }}
      >
        <option value="">{words.say('staff.lasso.person')}</option>
        {able.slice(0, OFFERED).map((one) => (
          <option key={one.staff_id} value={one.staff_id}>
            {`${one.name} · ${words.say('staff.posts', { posts: one.posts, capacity: one.capacity })}`}
            {one.walk_m === null ? '' : ` · ${words.distance(one.walk_m)}`}
          </option>
        ))}
      </select>
    </div>
  )
}

function Buttons({ answer }: { answer: BulkAnswer | null }) {
  const { desk, speech } = useApp()
  const words = speech.value
  const { lasso } = desk
  const isReady = lasso.person.value !== null && lasso.taken.value.size > 0 && !lasso.isBusy.value
  const refused = answer?.results.filter(({ reason }) => reason !== null).length ?? 0
  return (
    <div class="staff-accept">
      {refused > 0 && (
        <p class="plan-notice alarm" role="alert">
          {words.say('staff.lasso.refused', { count: refused })}
          <button type="button" class="button" data-do="leave-out" onClick={lasso.leaveOut}>
            {words.say('staff.lasso.leave', { count: refused })}
          </button>
        </p>
      )}
      <button type="button" class="button primary" data-do="bulk" disabled={!isReady} onClick={() => void lasso.give(true)}>
        {words.say(lasso.isBusy.value ? 'staff.propose.wait' : 'staff.lasso.give', { count: lasso.taken.value.size })}
      </button>
    </div>
  )
}

function Results({ answer }: { answer: BulkAnswer | null }) {
  const { desk, speech } = useApp()
  const words = speech.value
  const { lasso } = desk
  const taken = lasso.taken.value
  const said = new Map(answer?.results.map((item) => [item.id, item]))
  const targets = lasso.targets.value ?? []
  return (
    <>
      <ul class="rows" data-list="targets">
        {targets.slice(0, LISTED).map(({ id, name, code, households }) => {
          const reason = said.get(id)?.reason
          return (
            <li key={id}>
              <label class="check">
                <input
                  type="checkbox"
                  checked={taken.has(id)}
                  onChange={() => {
                    lasso.taken.value = new Set(taken.has(id) ? [...taken].filter((one) => one !== id) : [...taken, id])
                  }}
                />
                <span>
                  {name ?? code}
                  <small class={reason ? 'why-not' : ''}>
                    {reason ? words.say(`staff.lasso.reason.${reason}`) : words.say('staff.loads.count.households', { count: households })}
                  </small>
                </span>
              </label>
            </li>
          )
        })}
      </ul>
      {targets.length > LISTED && (
        <p class="quiet">{words.say('common.truncated', { shown: LISTED, matched: targets.length })}</p>
      )}
    </>
  )
}
