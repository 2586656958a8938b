/** The classes of households in words, on the map itself. */

import { ranges } from '../../geometry/classes'
import type { Speech } from '../../i18n/language'
import { shownThemes } from '../../state/view'
import { useApp } from '../app'

export function HouseholdsLegend() {
  const { store, data, desk, plans, legend, speech } = useApp()
  const words = speech.value
  const cut = data.cut.value
  const classes = data.classes.value
  // An open plan has its legend beside the figure that is chosen there.
  if (plans.open.value || !cut || !classes || !shownThemes(store.view.value).has('households')) return null
  if (desk.hides.value === 'households') return null // other colours lie over these
  const rows = ranges(classes)
  // The map lays the colours over the ground, and so does the key.
  const colours = legend.value?.households(rows.length) ?? []
  return (
    <details class="legend" open={!isNarrow()}>
      <summary>{words.say('legend.households', { level: words.name(cut.level) })}</summary>
      <ul>
        {rows.map((range, i) => (
          <li key={range.from}>
            <span class="swatch" style={{ background: `color-mix(in srgb, ${colours[i]} 60%, #efece4)` }} />
            {inWords(words, range, i, rows.length)}
          </li>
        ))}
      </ul>
    </details>
  )
}

/** There is no room for an open legend beside a sheet. */
function isNarrow(): boolean {
  return matchMedia('(max-width: 760px)').matches
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
