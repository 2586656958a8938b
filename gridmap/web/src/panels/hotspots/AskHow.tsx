/** By which method, counted in what, compared with whom; what is not asked the data choose. */

import {
  METHODS,
  PEOPLE,
  UNITS,
  countsInUnits,
  dividesByPeople,
  untoldPeople,
  type Question,
} from '../../state/question'
import { useApp } from '../app'

import { Amount, Pick } from './Pick'

interface Part {
  readonly question: Question
  change(members: Partial<Question>): void
}

export function AskHow({ question, change }: Part) {
  const { speech } = useApp()
  const words = speech.value
  const { method, unit, people, size } = question
  const inUnits = countsInUnits(method)
  const untold = untoldPeople(method)
  const dividedBy = people === 'none' ? (untold ?? 'none') : people
  const isCell = unit === 'hexagon' || unit === 'square'
  return (
    <>
      <Pick
        name="method"
        label={words.say('hotspots.method')}
        options={METHODS.map((value) => ({ value, label: words.term('method', value) }))}
        chosen={method}
        choose={(value) => change({ method: value })}
      />
      {inUnits && (
        <details class="ask-part" data-part="how">
          <summary>
            {words.term('unit', unit)}
            {isCell && ` · ${size ? words.distance(size) : words.say('hotspots.size.auto')}`}
            {dividesByPeople(method) && dividedBy !== 'none' && ` · ${words.term('people', dividedBy)}`}
          </summary>
          <div class="ask-ticks">
            <Pick
              name="unit"
              label={words.say('hotspots.unit')}
              options={UNITS.map((value) => ({ value, label: words.term('unit', value) }))}
              chosen={unit}
              choose={(value) => change({ unit: value })}
            />
            {dividesByPeople(method) && (
              <Pick
                name="people"
                label={words.say('hotspots.people')}
                options={PEOPLE.filter((value) => value !== 'none' || !untold).map((value) => ({
                  value,
                  label: words.term('people', value),
                }))}
                chosen={dividedBy}
                choose={(value) => change({ people: value })}
              />
            )}
            {isCell && (
              <Amount
                name="size"
                label={words.say('hotspots.size')}
                least={20}
                most={2000}
                step={10}
                placeholder={words.say('hotspots.size.auto')}
                chosen={size}
                choose={(value) => change({ size: value })}
              />
            )}
          </div>
        </details>
      )}
    </>
  )
}
