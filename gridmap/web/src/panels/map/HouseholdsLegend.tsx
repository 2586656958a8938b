/** The classes of households in words, on the map itself. */

import { ranges } from '../../geometry/classes'
import type { Speech } from '../../i18n/language'
import { useApp } from '../app'

export function HouseholdsLegend() {
  const { store, data, legend, speech } = useApp()
  const words = speech.value
  const cut = data.cut.value
  const classes = data.classes.value
  if (!cut || !classes || !store.view.value.themes.has('households')) return null
  const rows = ranges(classes)
  const colours = legend.value?.households(rows.length) ?? []
  return (
    <section class="legend" aria-label={words.say('legend.title')}>
      <h3>{words.say('legend.households', { level: words.name(cut.level).toLowerCase() })}</h3>
      <ul>
        {rows.map((range, i) => (
          <li key={range.from}>
            <span class="swatch" style={{ background: colours[i] }} />
            {inWords(words, range, i, rows.length)}
          </li>
        ))}
      </ul>
    </section>
  )
}

function inWords(
  words: Speech,
  { from, to }: { from: number; to: number },
  i: number,
  count: number,
): string {
  if (count === 1) return words.say(from === to ? 'legend.all' : 'legend.between', { from, to })
  if (i === 0) return words.say('legend.upto', { to })
  if (i === count - 1) return words.say('legend.from', { from })
  return words.say('legend.between', { from, to })
}
