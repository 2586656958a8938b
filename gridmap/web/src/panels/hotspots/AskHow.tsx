/** By which method, counted in what, compared with whom; what is not asked the data choose. */

import type { Vocabulary } from '../../i18n/terms'
import {
  METHODS,
  PEOPLE,
  UNITS,
  countsInUnits,
  dividesByPeople,
  type Question,
} from '../../state/question'
import { useApp } from '../app'

interface Part {
  readonly question: Question
  change(members: Partial<Question>): void
}

export function AskHow({ question, change }: Part) {
  const { speech } = useApp()
  const words = speech.value
  const { method, unit, people, size } = question
  const inUnits = countsInUnits(method)
  const isCell = unit === 'hexagon' || unit === 'square'
  return (
    <>
      <Pick
        name="method"
        label={words.say('hotspots.method')}
        vocabulary="method"
        values={METHODS}
        chosen={method}
        choose={(value) => change({ method: value })}
      />
      {inUnits && (
        <details class="ask-part" data-part="how">
          <summary>
            {words.term('unit', unit)}
            {isCell && ` · ${size ? `${size} m` : words.say('hotspots.size.auto')}`}
            {dividesByPeople(method) && people !== 'none' && ` · ${words.term('people', people)}`}
          </summary>
          <div class="ask-ticks">
            <Pick
              name="unit"
              label={words.say('hotspots.unit')}
              vocabulary="unit"
              values={UNITS}
              chosen={unit}
              choose={(value) => change({ unit: value })}
            />
            {dividesByPeople(method) && (
              <Pick
                name="people"
                label={words.say('hotspots.people')}
                vocabulary="people"
                values={PEOPLE}
                chosen={people}
                choose={(value) => change({ people: value })}
              />
            )}
            {isCell && (
              <label class="field">
                <span>{words.say('hotspots.size')}</span>
                <input
                  type="number"
                  name="size"
                  min={20}
                  max={2000}
                  step={10}
                  placeholder={words.say('hotspots.size.auto')}
                  value={size ?? ''}
                  onInput={(event) => {
                    const given = event.currentTarget.valueAsNumber
                    change({ size: given >= 20 && given <= 2000 ? given : null })
                  }}
                />
              </label>
            )}
          </div>
        </details>
      )}
    </>
  )
}

function Pick<T extends string>({
  name,
  label,
  vocabulary,
  values,
  chosen,
  choose,
}: {
  name: string
  label: string
  vocabulary: Vocabulary
  values: readonly T[]
  chosen: T
  choose: (value: T) => void
}) {
  const { speech } = useApp()
  return (
    <label class="field">
      <span>{label}</span>
      <select name={name} value={chosen} onChange={(event) => choose(event.currentTarget.value as T)}>
        {values.map((value) => (
          <option key={value} value={value}>
            {speech.value.term(vocabulary, value)}
          </option>
        ))}
      </select>
    </label>
  )
}
