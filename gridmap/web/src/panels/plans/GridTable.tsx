/** The grids of an open plan, the worst first; a row and its grid on the map are one. */

import { useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'

import type { Area } from '../../api/plans'
import { boundsOf } from '../../geometry/bounds'
import { deviationOf, profileOf, ranked, type OpenPlan, type Order } from '../../state/draft'
import { useApp } from '../app'
import { Choice } from '../parts/Choice'

import { Rename } from './Rename'

export function GridTable({ open }: { open: OpenPlan }) {
  const { plans, store, speech, actions } = useApp()
  const words = speech.value
  const order = useSignal<Order>('worst')
  const level = plans.level.value
  const areas = plans.areas.value
  const profile = profileOf(open.plan, level)
  const rows = ranked(areas, order.value, profile)
  const off = ranked(areas, 'worst', profile).filter(
    (area) => deviationOf(area.properties, profile) !== 0,
  )
  const shown = open.plan.levels.find((item) => item.level === level)

  const showNext = () => {
    const at = off.findIndex((area) => area.id === plans.selected.value)
    const next = off[(at + 1) % off.length]
    if (!next) return
    plans.selected.value = next.id
    const bounds = boundsOf(next.geometry)
    if (bounds) actions.goTo(bounds)
  }
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
      </p>
      {off.length > 0 && (
        <button type="button" class="button" data-do="next" onClick={showNext}>
          {words.say('plan.next')}
        </button>
      )}
      <Choice<Order>
        label={words.say('plans.sort')}
        options={[
          { value: 'worst', label: words.say('plan.sort.worst') },
          { value: 'households', label: words.say('plans.sort.households') },
          { value: 'code', label: words.say('plans.sort.code') },
        ]}
        chosen={order.value}
        choose={(value) => {
          order.value = value
        }}
      />
      <table class="plan-table" data-list="areas">
        <thead>
          <tr>
            <th scope="col">{words.say('plan.table.grid')}</th>
            <th scope="col">{words.say('plan.table.households')}</th>
            <th scope="col">{words.say('plan.table.residents')}</th>
            {profile && <th scope="col">{words.say('plan.table.deviation')}</th>}
          </tr>
        </thead>
        <tbody>
          {rows.map((area) => (
            <Row
              key={area.id}
              area={area}
              deviation={profile && deviationOf(area.properties, profile)}
            />
          ))}
        </tbody>
      </table>
    </>
  )
}

function Row({ area, deviation }: { area: Area; deviation: number | null }) {
  const { plans, speech, actions } = useApp()
  const words = speech.value
  const row = useRef<HTMLTableRowElement>(null)
  const isSelected = plans.selected.value === area.id
  useEffect(() => {
    // Chosen on the map: its row comes into view, unless a tool is being explained above.
    if (isSelected && !plans.tool.peek()) row.current?.scrollIntoView({ block: 'nearest' })
  }, [isSelected, plans])
  const { households, residents, kind } = area.properties
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
          </button>
        </th>
        <td class="number" data-column="households">
          {words.number(households)}
        </td>
        <td class="number">{words.number(residents)}</td>
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
          </td>
        </tr>
      )}
    </>
  )
}

function countOf({ areas }: OpenPlan, level: number): number {
  let count = 0
  for (const area of areas.values()) if (area.properties.level === level) count += 1
  return count
}
