/** One grid in the table of an open plan; the chosen one can be renamed and locked. */

import { useEffect, useRef } from 'preact/hooks'

import type { Area } from '../../api/plans'
import { boundsOf } from '../../geometry/bounds'
import type { Key } from '../../i18n/zh'
import { deviationOf, type Profile } from '../../state/draft'
import { figureOf, problemsOf, type Figure } from '../../state/figures'
import { useApp } from '../app'

import { Rename } from './Rename'

export function GridRow({ area, profile, figure }: { area: Area; profile: Profile | null; figure: Figure }) {
  const { plans, speech, actions } = useApp()
  const words = speech.value
  const row = useRef<HTMLTableRowElement>(null)
  const isSelected = plans.selected.value === area.id
  useEffect(() => {
    // Chosen on the map: its row comes into view, unless a tool is being explained above, or it was
    // chosen in the list of what a check found.
    const isFound = plans.finding.peek()?.grid === area.id
    if (isSelected && !plans.tool.peek() && !isFound) row.current?.scrollIntoView({ block: 'nearest' })
  }, [isSelected, plans])
  const { households, residents, kind, locked } = area.properties
  const deviation = profile && deviationOf(area.properties, profile)
  const wrong = problemsOf(area, profile).filter((problem) => problem !== 'size')
  const value = figureOf(area, figure, profile)
  return (
    <>
      <tr ref={row} data-grid={area.id} aria-selected={isSelected}>
        <th scope="row">
          <button
            type="button"
            class="cell-link"
            aria-pressed={isSelected}
            onClick={() => {
              plans.selected.value = isSelected ? null : area.id
              const bounds = boundsOf(area.geometry)
              if (!isSelected && bounds) actions.goTo(bounds)
            }}
          >
            {words.name(area.properties)}
            {locked && <small>{words.say('plan.locked')}</small>}
            {wrong.map((problem) => (
              <small key={problem} class="off">
                {words.say(`plan.problem.${problem}` as Key)}
              </small>
            ))}
          </button>
        </th>
        <td class="number" data-column="households">
          {words.number(households)}
        </td>
        {figure === 'households' ? (
          <td class="number">{words.number(residents)}</td>
        ) : (
          <td class="number" data-column="figure">
            {value === null ? '–' : words.number(value)}
          </td>
        )}
        {deviation !== null && (
          <td class={deviation === 0 ? 'number fits' : 'number off'}>
            {deviation === 0
              ? words.say(kind === 'special' ? 'plan.table.special' : 'plan.table.fits')
              : `${deviation > 0 ? '+' : '−'}${words.number(Math.abs(deviation))}`}
          </td>
        )}
      </tr>
      {isSelected && plans.isEditable.value && (
        <tr class="below">
          <td colSpan={4}>
            <Rename key={area.properties.name} area={area} />
            <button
              type="button"
              class="button"
              data-do="lock"
              aria-pressed={locked}
              disabled={plans.isBusy.value}
              onClick={() => void plans.lock(area.id, !locked)}
            >
              {words.say(locked ? 'plan.unlock' : 'plan.lock')}
            </button>
          </td>
        </tr>
      )}
    </>
  )
}
