/** Points of a category cut into k compact areas of balanced size. */

import { useSignal } from '@preact/signals'

import { problemIn } from '../../i18n/refusals'
import { TERMS } from '../../i18n/terms'
import { AREA_COLOURS } from '../../map/staffing'
import { useApp } from '../app'

const FIRST = 'enterprise'
const MOST = 20

export function Areas() {
  const { desk, speech } = useApp()
  const words = speech.value
  const category = useSignal(desk.asked.value?.category ?? FIRST)
  const k = useSignal(desk.asked.value?.k ?? 3)
  const seed = useSignal(desk.asked.value?.seed ?? 0)
  const loaded = desk.areas.loaded.value
  return (
    <section aria-label={words.say('staff.sheet.areas')}>
      <p class="quiet">{words.say('staff.areas.text')}</p>
      <form
        class="ask"
        onSubmit={(event) => {
          event.preventDefault()
          desk.asked.value = { category: category.value, k: k.value, seed: seed.value }
        }}
      >
        <div class="filters">
          <select
            name="area-category"
            aria-label={words.say('staff.areas.category')}
            value={category.value}
            onChange={(event) => {
              category.value = event.currentTarget.value
            }}
          >
            {Object.keys(TERMS.resource).map((key) => (
              <option key={key} value={key}>
                {words.term('resource', key)}
              </option>
            ))}
          </select>
        </div>
        <div class="ask-dates">
          <Whole label={words.say('staff.areas.k')} name="k" value={k.value} least={1} most={MOST} put={(value) => { k.value = value }} />
          <Whole label={words.say('staff.areas.seed')} name="seed" value={seed.value} least={0} most={9999} put={(value) => { seed.value = value }} />
        </div>
        <button type="submit" class="button primary" data-do="cut" disabled={loaded.state === 'loading'}>
          {words.say(loaded.state === 'loading' ? 'staff.propose.wait' : 'staff.areas.cut')}
        </button>
      </form>
      {loaded.state === 'failed' && (
        <p class="plan-notice alarm" role="alert">
          {problemIn(words, loaded.error)}
        </p>
      )}
      {loaded.state === 'ready' && (
        <>
          <p role="status">
            {words.say('staff.areas.done', {
              count: loaded.value.points.length,
              category: words.term('resource', loaded.value.category),
              k: loaded.value.areas.length,
            })}
          </p>
          <ol class="rows" data-list="areas">
            {loaded.value.areas.map((area) => (
              <li key={area.number}>
                <span class="swatch" style={{ background: AREA_COLOURS[(area.number - 1) % AREA_COLOURS.length] }} />
                <span>{words.say('staff.areas.name', { number: area.number })}</span>
                <small>
                  {words.say('staff.areas.count', { count: area.count, distance: words.distance(area.spread_m) })}
                </small>
              </li>
            ))}
          </ol>
        </>
      )}
    </section>
  )
}

function Whole(props: {
  label: string
  name: string
  value: number
  least: number
  most: number
  put: (value: number) => void
}) {
  return (
    <label class="field">
      <span>{props.label}</span>
      <input
        name={props.name}
        type="number"
        min={props.least}
        max={props.most}
        step={1}
        required
        value={props.value}
        onInput={(event) => {
          if (event.currentTarget.validity.valid) props.put(event.currentTarget.valueAsNumber)
        }}
      />
    </label>
  )
}
