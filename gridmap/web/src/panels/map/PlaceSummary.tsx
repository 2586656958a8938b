/** A place in figures. */

import type { Place } from '../../api/nouns'
import type { Key } from '../../i18n/zh'
import { useApp } from '../app'
import { Figure, Figures } from '../parts/Figures'

const FIGURES: readonly (readonly [count: keyof Place['counts'], label: Key, unit: Key])[] = [
  ['households', 'count.households', 'unit.households'],
  ['residents', 'count.residents', 'unit.residents'],
  ['buildings', 'count.buildings', 'unit.buildings'],
  ['grids', 'count.grids', 'unit.grids'],
  ['resource_points', 'count.resource_points', 'unit.points'],
  ['incidents', 'count.incidents', 'unit.incidents'],
]

export function PlaceSummary({ place }: { place: Place }) {
  const { data, speech } = useApp()
  const words = speech.value
  const level = data.cut.value?.level
  // What a network calls its areas is its own; the figure follows what is shown.
  const labelOf = (count: keyof Place['counts'], label: Key) =>
    count === 'grids' && level ? words.label(level) : words.say(label)
  const numberOf = (count: keyof Place['counts']) =>
    count === 'grids' && level ? level.count : place.counts[count]
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
            label={labelOf(count, label)}
            number={words.number(numberOf(count))}
            unit={words.say(unit)}
          />
        ))}
      </Figures>
    </section>
  )
}
