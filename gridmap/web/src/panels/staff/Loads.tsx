/** Who carries how much: by households, open incidents, posts, or the way from home. */

import { useSignal } from '@preact/signals'

import type { Load } from '../../api/staff-loads'
import { ranges } from '../../geometry/classes'
import type { Speech } from '../../i18n/language'
import { LOAD_COLOURS } from '../../map/staffing'
import { MEASURES, classOf, measured, type Measure } from '../../state/staff-desk'
import { useApp } from '../app'
import { CutChoice } from '../map/CutChoice'
import { Bar } from '../parts/Bar'
import { Choice } from '../parts/Choice'
import { Waiting } from '../parts/Message'

const STEP = 20

export function Loads() {
  const { desk, data, speech } = useApp()
  const words = speech.value
  const loaded = desk.loads.loaded.value
  const cut = data.cut.value
  if (loaded.state !== 'ready') return <Waiting loaded={loaded} retry={desk.loads.retry} />
  const measure = desk.measure.value
  const people = desk.people.value
  const roles = [...new Set(loaded.value.posts.map((post) => post.role))].sort()
  return (
    <section class="loads" aria-label={words.say('staff.sheet.loads')}>
      <Choice
        label={words.say('staff.loads.by')}
        options={MEASURES.map((value) => ({ value, label: words.say(`staff.loads.${value}`) }))}
        chosen={measure}
        choose={(value) => {
          desk.measure.value = value
        }}
      />
      {cut && <CutChoice cut={cut} />}
      {roles.length > 1 && (
        <div class="filters">
          <select
            name="load-role"
            aria-label={words.say('staff.vacancies.role')}
            value={desk.posts.value[0]?.role ?? ''}
            onChange={(event) => {
              desk.role.value = event.currentTarget.value
            }}
          >
            {roles.map((role) => (
              <option key={role} value={role}>
                {words.term('role', role)}
              </option>
            ))}
          </select>
        </div>
      )}
      {people.length === 0 ? (
        <p class="quiet">{words.say('staff.loads.none')}</p>
      ) : (
        <>
          <Key />
          <People people={people} />
        </>
      )}
    </section>
  )
}

function Key() {
  const { desk, speech } = useApp()
  const words = speech.value
  const classes = desk.classes.value
  if (!classes) return null
  const measure = desk.measure.value
  return (
    <ul class="key class-key" data-list="load-classes">
      {ranges(classes).map(({ from, to }, i) => (
        <li key={from}>
          <span class="swatch" style={{ background: LOAD_COLOURS[i] }} />
          {from === to
            ? inWords(words, measure, from)
            : `${words.number(from)} – ${inWords(words, measure, to)}`}
        </li>
      ))}
    </ul>
  )
}

function People({ people }: { people: readonly Load[] }) {
  const { desk, speech } = useApp()
  const words = speech.value
  const shown = useSignal(STEP)
  const measure = desk.measure.value
  const most = people[0] ? (measured(people[0], measure) ?? 0) : 0
  return (
    <>
      <ol class="rows bars" data-list="loads">
        {people.slice(0, shown.value).map((person) => (
          <Row key={person.staff_id} person={person} most={most} />
        ))}
      </ol>
      {people.length > shown.value && (
        <button
          type="button"
          class="button"
          onClick={() => {
            shown.value += STEP
          }}
        >
          {words.say('staff.candidates.more', { count: Math.min(STEP, people.length - shown.value) })}
        </button>
      )}
    </>
  )
}

function Row({ person, most }: { person: Load; most: number }) {
  const { desk, actions, speech } = useApp()
  const words = speech.value
  const measure = desk.measure.value
  const value = measured(person, measure)
  const classes = desk.classes.value
  const isShown = desk.shown.value === person.staff_id
  const colour = classes && value !== null ? LOAD_COLOURS[classOf(classes, value)] : undefined
  const others = MEASURES.filter((other) => other !== measure && measured(person, other) !== null)
  return (
    <li>
      <button
        type="button"
        class="row-link load"
        aria-pressed={isShown}
        data-staff={person.staff_id}
        onClick={() => {
          desk.shown.value = isShown ? null : person.staff_id
          const posts = desk.loads.loaded.value
          if (isShown || posts.state !== 'ready' || !person.home) return
          const spots = [
            person.home,
            ...posts.value.posts
              .filter(({ staff_id }) => staff_id === person.staff_id)
              .map(({ lon, lat }) => [lon, lat] as const),
          ]
          const [x, y] = [spots.map(([lon]) => lon), spots.map(([, lat]) => lat)]
          actions.goTo([Math.min(...x), Math.min(...y), Math.max(...x), Math.max(...y)])
        }}
      >
        <span>{person.name}</span>
        <Bar value={value ?? 0} most={most} {...(colour ? { colour } : {})} />
        <span class="number">
          {value === null ? words.say('staff.walk.unknown') : inWords(words, measure, value)}
        </span>
        <small class={person.posts > person.capacity ? 'why-not' : ''}>
          {person.posts > person.capacity && `${words.say('staff.loads.over')} · `}
          {others.map((other) => inWords(words, other, measured(person, other)!)).join(' · ')}
        </small>
      </button>
    </li>
  )
}

function inWords(words: Speech, measure: Measure, value: number): string {
  return measure === 'walk_m'
    ? words.distance(value)
    : words.say(`staff.loads.count.${measure}`, { count: value })
}
