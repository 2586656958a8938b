/** A place in figures. */

import type { Place } from '../../api/nouns'
import type { Key } from '../../i18n/zh'
import { useApp } from '../app'
import { Figure, Figures } from '../parts/Figures'

const FIGURES: readonly (readonly [count: string, label: Key, unit: Key])[] = [
  ['households', 'count.households', 'unit.households'],
  ['residents', 'count.residents', 'unit.residents'],
  ['buildings', 'count.buildings', 'unit.buildings'],
  ['resource_points', 'count.resource_points', 'unit.points'],
  ['incidents', 'count.incidents', 'unit.incidents'],
]

export function PlaceSummary({ place }: { place: Place }) {
  const { speech } = useApp()
  const words = speech.value
  return (
    <section aria-labelledby="place-title">
      <h2 id="place-title">{words.name(place)}</h2>
      {place.code && (
        <p class="code">
          {words.say('place.code')} <span class="number">{place.code}</span>
        </p>
      )}
      <Figures>
        {FIGURES.map(([count, label, unit]) => (
          <Figure
            key={count}
            name={count}
            label={words.say(label)}
            number={words.number(place.counts[count] ?? 0)}
            unit={words.say(unit)}
          />
        ))}
      </Figures>
    </section>
  )
}
