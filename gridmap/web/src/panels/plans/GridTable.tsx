/** The grids of an open plan, the worst first; a row and its grid on the map are one. */

import { useSignal } from '@preact/signals'

import type { Area } from '../../api/plans'
import { boundsOf } from '../../geometry/bounds'
import type { Key } from '../../i18n/zh'
import { profileOf, ranked, type OpenPlan, type Profile } from '../../state/draft'
import { figureOf, problemsOf, type Figure } from '../../state/figures'
import { useApp } from '../app'
import { Choice } from '../parts/Choice'

import { FigureChoice } from './FigureChoice'
import { GridRow } from './GridRow'

type Column = 'code' | 'households' | 'figure' | 'worst'

export function GridTable({ open }: { open: OpenPlan }) {
  const { plans, store, speech, actions } = useApp()
  const words = speech.value
  const column = useSignal<Column>('worst')
  const isTurned = useSignal(false)
  const level = plans.level.value
  const areas = plans.areas.value
  const chosen = plans.figure.value
  // Beside the households stands another figure, by default the residents.
  const beside: Figure = chosen === 'households' || chosen === 'deviation' ? 'residents' : chosen
  const profile = profileOf(open.plan, level)
  const rows = sorted(areas, column.value, isTurned.value, beside, profile)
  const wrong = ranked(areas, 'worst', profile).filter((area) => problemsOf(area, profile).length > 0)
  const off = wrong.filter((area) => problemsOf(area, profile).includes('size'))
  const shown = open.plan.levels.find((item) => item.level === level)

  const showNext = () => {
    const at = wrong.findIndex((area) => area.id === plans.selected.value)
    const next = wrong[(at + 1) % wrong.length]
    if (!next) return
    plans.finding.value = null
    plans.selected.value = next.id
    const bounds = boundsOf(next.geometry)
    if (bounds) actions.goTo(bounds)
  }
  const head = (name: Column, label: string) => (
    <th scope="col" aria-sort={column.value === name ? (isTurned.value ? 'ascending' : 'descending') : undefined}>
      <button
        type="button"
        class="sort"
        data-sort={name}
        onClick={() => {
          isTurned.value = column.value === name && !isTurned.value
          column.value = name
        }}
      >
        {label}
      </button>
    </th>
  )
  return (
    <>
      {open.plan.levels.length > 1 && (
        <Choice
          label={words.say('cut.level')}
          options={open.plan.levels.map((item) => ({
            value: item.level,
            label: words.label(item),
            note: words.number(countOf(open, item.level)),
          }))}
          chosen={level ?? 0}
          choose={(value) => store.change({ level: value, selection: null })}
        />
      )}
      <p class="lead">
        {words.say('plan.total', {
          level: shown ? words.name(shown) : '',
          count: areas.length,
          households: areas.reduce((sum, area) => sum + area.properties.households, 0),
        })}
        {profile && (
          <>
            <br />
            {words.say(off.length > 0 ? 'plan.profile' : 'plan.profile.good', { ...profile, off: off.length })}
          </>
        )}
        <br />
        {words.say('plan.shape', { percent: meanOf(areas) })}
      </p>
      <div class="plan-buttons">
        {wrong.length > 0 && (
          <button type="button" class="button" data-do="next" onClick={showNext}>
            {words.say('plan.next')}
          </button>
        )}
        {plans.isEditable.value && (
          <button
            type="button"
            class="button"
            data-do="renumber"
            disabled={plans.isBusy.value}
            onClick={() => void plans.renumber()}
          >
            {words.say('plan.renumber')}
          </button>
        )}
      </div>
      <FigureChoice />
      <table class="plan-table" data-list="areas">
        <thead>
          <tr>
            {head('code', words.say('plan.table.grid'))}
            {head('households', words.say('plan.table.households'))}
            {head('figure', words.say(`plan.figure.${beside}.short` as Key))}
            {profile && head('worst', words.say('plan.table.deviation'))}
          </tr>
        </thead>
        <tbody>
          {rows.map((area) => (
            <GridRow key={area.id} area={area} profile={profile} figure={beside} />
          ))}
        </tbody>
      </table>
    </>
  )
}

function sorted(
  areas: readonly Area[], column: Column, isTurned: boolean, figure: Figure, profile: Profile | null,
): readonly Area[] {
  const rows = column === 'figure'
    ? [...areas].sort((a, b) => (figureOf(b, figure, profile) ?? -1) - (figureOf(a, figure, profile) ?? -1))
    : ranked(areas, column, profile)
  return isTurned ? rows.reverse() : rows
}

/** Mean compactness (Polsby–Popper) in percent. */
function meanOf(areas: readonly Area[]): number {
  const values = areas.flatMap(({ properties }) => properties.polsby_popper ?? [])
  return Math.round((100 * values.reduce((sum, value) => sum + value, 0)) / Math.max(values.length, 1))
}

function countOf({ areas }: OpenPlan, level: number): number {
  let count = 0
  for (const area of areas.values()) if (area.properties.level === level) count += 1
  return count
}
