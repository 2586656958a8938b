/** Who could take a vacancy, the nearest first, and why others cannot. */

import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'

import type { Candidate, Vacancy } from '../../api/staffing'
import { boundsOf } from '../../geometry/bounds'
import type { Speech } from '../../i18n/language'
import { canHold } from '../../state/staffing'
import { useApp } from '../app'
import { Icon } from '../parts/Icon'
import { Waiting } from '../parts/Message'

import { MannerForm } from './MannerForm'
import { OutcomeBox } from './OutcomeBox'
import { listed, postInWords } from './words'

const STEP = 12

export function Candidates({ vacancy }: { vacancy: Vacancy }) {
  const { staffing, speech, actions } = useApp()
  const words = speech.value
  const loaded = staffing.candidates.loaded.value
  const shape = staffing.shape.value
  useEffect(() => {
    const bounds = boundsOf(shape)
    if (bounds) actions.goTo(bounds)
  }, [shape])
  return (
    <section class="candidates" aria-label={words.say('staff.candidates')}>
      <button type="button" class="back" onClick={() => staffing.look(null)}>
        <Icon name="back" size={18} />
        {words.say('staff.vacancies')}
      </button>
      <h3 class="post-title">{postInWords(words, vacancy)}</h3>
      {vacancy.skills.length > 0 && (
        <p class="quiet">{words.say('staff.templates.skill', { skills: listed(words, vacancy.skills) })}</p>
      )}
      <OutcomeBox />
      <MannerForm />
      <Waiting loaded={loaded} retry={staffing.candidates.retry} />
      {loaded.state === 'ready' && <List found={loaded.value} role={vacancy.role} />}
      <Ghost />
    </section>
  )
}

function List({ found, role: key }: { found: readonly Candidate[]; role: string }) {
  const { speech } = useApp()
  const words = speech.value
  const shown = useSignal(STEP)
  const role = words.term('role', key)
  const able = found.filter((person) => !person.reasons.includes('role'))
  const others = found.length - able.length
  return (
    <>
      <p class="quiet">
        {words.say(
          able.length > 0 ? 'staff.candidates.hint' : 'staff.candidates.none',
          able.length > 0 ? {} : { role },
        )}
      </p>
      <ol class="rows" data-list="candidates">
        {able.slice(0, shown.value).map((person) => (
          <Row key={person.staff_id} person={person} />
        ))}
      </ol>
      {able.length > shown.value && (
        <button
          type="button"
          class="button"
          onClick={() => {
            shown.value += STEP
          }}
        >
          {words.say('staff.candidates.more', { count: Math.min(STEP, able.length - shown.value) })}
        </button>
      )}
      {others > 0 && (
        <p class="quiet">{words.say('staff.candidates.others', { count: others, role })}</p>
      )}
    </>
  )
}

function Row({ person }: { person: Candidate }) {
  const { staffing, carry, speech } = useApp()
  const words = speech.value
  const able = canHold(person)
  const act = words.say(person.reasons.length > 0 ? 'staff.assign.anyway' : 'staff.assign')
  const isCarried = staffing.carried.value?.person.staff_id === person.staff_id
  return (
    <li
      class="candidate"
      data-staff={person.staff_id}
      data-able={able}
      onPointerDown={(event) => {
        const target = event.target as Element
        // A finger on the words scrolls the list; on the grip it carries the person.
        const carries = event.pointerType === 'mouse' || target.closest('.grip')
        if (!able || !carries || event.button !== 0 || target.closest('.button')) return
        event.preventDefault()
        event.currentTarget.setPointerCapture(event.pointerId)
        carry.start(person, event.clientX, event.clientY)
      }}
      onPointerMove={(event) => {
        if (isCarried) carry.move(event.clientX, event.clientY)
      }}
      onPointerUp={(event) => {
        carry.move(event.clientX, event.clientY)
        carry.drop()
      }}
      onPointerCancel={() => carry.cancel()}
    >
      <span class="grip" aria-hidden="true" title={able ? words.say('staff.carry', { name: person.name }) : ''} />
      <span class="candidate-words">
        <span>{person.name}</span>
        <small>
          {walkInWords(words, person)} ·{' '}
          {words.say('staff.posts', { posts: person.posts, capacity: person.capacity })}
          {loadInWords(words, person)}
        </small>
        {person.skills.length > 0 && (
          <small>
            {person.is_second_role && `${words.say('staff.second')} · `}
            {listed(words, person.skills)}
          </small>
        )}
        <small class={person.reasons.length > 0 ? 'why-not' : 'fits'}>
          {person.reasons.length > 0
            ? person.reasons
                .map((reason) => words.say(`staff.reason.${reason}`))
                .join(words.language === 'zh' ? '，' : ', ')
            : words.say('staff.fits')}
        </small>
      </span>
      {able && (
        <button
          type="button"
          class={person.reasons.length > 0 ? 'button' : 'button primary'}
          data-do="assign"
          aria-label={`${act} ${person.name}`}
          disabled={staffing.isBusy.value}
          onClick={() => void staffing.assign(person)}
        >
          {act}
        </button>
      )}
    </li>
  )
}

function walkInWords(words: Speech, { walk_m, walk_by }: Candidate): string {
  return walk_m === null
    ? words.say('staff.walk.unknown')
    : words.say(walk_by === 'line' ? 'staff.walk.line' : 'staff.walk', { distance: words.distance(walk_m) })
}

/** What somebody carries already; nothing is not worth a word. */
function loadInWords(words: Speech, { households, incidents }: Candidate): string {
  return [
    households > 0 ? words.say('staff.loads.count.households', { count: households }) : '',
    incidents > 0 ? words.say('staff.loads.count.incidents', { count: incidents }) : '',
  ]
    .filter(Boolean)
    .map((text) => ` · ${text}`)
    .join('')
}

/** The person under the pointer; Esc puts them back. */
function Ghost() {
  const { staffing, carry, speech } = useApp()
  const carried = staffing.carried.value
  const isThere = carried !== null
  useEffect(() => {
    if (!isThere) return
    const pressed = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return
      event.preventDefault()
      carry.cancel()
    }
    document.addEventListener('keydown', pressed, true)
    return () => document.removeEventListener('keydown', pressed, true)
  }, [isThere])
  if (!carried) return null
  const { person, x, y, over } = carried
  return (
    <div class="ghost" data-over={over} style={{ left: `${x}px`, top: `${y}px` }}>
      {speech.value.say(over ? 'staff.carry.over' : 'staff.carry.away', { name: person.name })}
    </div>
  )
}
