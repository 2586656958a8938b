/** The figure that colours the map, with its legend in words. */

import { ranges } from '../../geometry/classes'
import type { Key } from '../../i18n/zh'
import { profileOf } from '../../state/draft'
import { FIGURES, classesOf, type Figure } from '../../state/figures'
import { useApp } from '../app'

export function FigureChoice() {
  const { plans, legend, speech } = useApp()
  const words = speech.value
  const open = plans.open.value
  if (!open) return null
  const figure = plans.figure.value
  const profile = profileOf(open.plan, plans.level.value)
  const classes = classesOf(plans.areas.value, figure, profile)
  const rows = classes ? ranges(classes) : []
  const colours = legend.value?.households(rows.length) ?? []
  const signed = (value: number) => `${value < 0 ? '−' : ''}${words.number(Math.abs(value))}`
  return (
    <div class="figure-choice">
      <label>
        {words.say('plan.figure')}
        <select
          name="figure"
          value={figure}
          onChange={(event) => {
            plans.figure.value = event.currentTarget.value as Figure
          }}
        >
          {FIGURES.map((item) => (
            <option key={item} value={item}>
              {words.say(`plan.figure.${item}` as Key)}
            </option>
          ))}
        </select>
      </label>
      <ul class="figure-legend">
        {rows.map(({ from, to }, i) => (
          <li key={from}>
            <span class="swatch" style={{ background: `color-mix(in srgb, ${colours[i]} 60%, #efece4)` }} />
            {from === to ? signed(from) : from < 0 ? `${signed(from)} … ${signed(to)}` : `${signed(from)}–${signed(to)}`}
          </li>
        ))}
      </ul>
    </div>
  )
}
