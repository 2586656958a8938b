/** What an edit would do, before it is accepted: each grid before and after. */

import { useEffect, useRef } from 'preact/hooks'

import type { AreaFigures } from '../../api/plans'
import { changedAt, deviationOf, profileOf } from '../../state/draft'
import type { Preview } from '../../state/desk'
import { useApp } from '../app'

import { MoreFigures } from './MoreFigures'

export function Consequences({ preview }: { preview: Preview }) {
  const { plans, speech, actions } = useApp()
  const words = speech.value
  const title = useRef<HTMLHeadingElement>(null)
  const { outcome } = preview
  const level = plans.level.value
  const plan = plans.open.value?.plan
  const profile = plan ? profileOf(plan, level) : null
  const rows = changedAt(outcome, level)
  const apart = rows.filter(({ before, after }) => (after?.parts ?? 1) > (before?.parts ?? 1))
  const deepest = outcome.totals.at(-1)
  const totals = deepest?.before && deepest.after ? { before: deepest.before, after: deepest.after } : null
  // The answer is read out, and the buttons are next in the order of the keyboard.
  useEffect(() => title.current?.focus({ preventScroll: true }), [])

  const cell = (name: 'households' | 'residents' | 'area_m2', before: AreaFigures | null, after: AreaFigures | null) => {
    const text = (figures: AreaFigures | null) => {
      if (!figures) return '–'
      if (name !== 'area_m2') return words.number(figures[name])
      const { number, unit } = words.area(figures[name])
      return `${number} ${unit}`
    }
    const isOff = name === 'households' && after && deviationOf(after, profile) !== 0
    const [was, is] = [text(before), text(after)]
    return (
      <td data-column={name}>
        <span class={isOff ? 'number off' : 'number'}>{is}</span>
        {before && was !== is && <small class="number">{words.say('plan.preview.was', { before: was })}</small>}
      </td>
    )
  }
  return (
    <section class="toolbox consequences" aria-labelledby="consequences-title">
      <h3 id="consequences-title" ref={title} tabIndex={-1}>
        {words.say('plan.preview')}
      </h3>
      <table class="plan-table" data-list="consequences">
        <thead>
          <tr>
            <th scope="col">{words.say('plan.table.grid')}</th>
            <th scope="col">{words.say('plan.table.households')}</th>
            <th scope="col">{words.say('plan.table.residents')}</th>
            <th scope="col">{words.say('plan.table.area')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ id, before, after }) => (
            <tr key={id} data-grid={id}>
              <th scope="row">
                {words.name(after ?? before ?? {})}
                {!before && <small>{words.say('plan.preview.new')}</small>}
                {!after && <small>{words.say('plan.preview.gone')}</small>}
              </th>
              {cell('households', before, after)}
              {cell('residents', before, after)}
              {cell('area_m2', before, after)}
            </tr>
          ))}
        </tbody>
      </table>
      <p>
        {words.say('plan.preview.moved', { count: outcome.households_moved })}
        {' · '}
        <span class={outcome.buildings_cut > 0 ? 'off' : undefined}>
          {words.say('plan.preview.cut', { count: outcome.buildings_cut })}
        </span>
        <br />
        {words.say('plan.preview.concerned', { staff: outcome.staff, incidents: outcome.open_incidents })}
        {apart.map(({ id, after }) => (
          <span key={id} class="off">
            <br />
            {words.say('plan.preview.apart', { name: words.name(after ?? {}), count: after?.parts ?? 0 })}
          </span>
        ))}
        {totals && totals.before.off_size !== totals.after.off_size && (
          <>
            <br />
            {words.say('plan.preview.off', { before: totals.before.off_size, after: totals.after.off_size })}
          </>
        )}
      </p>
      <div class="plan-buttons">
        <button
          type="button"
          class="button primary"
          data-do="accept"
          disabled={plans.isBusy.value}
          onClick={() => void plans.accept().then(actions.focusMap)}
        >
          {words.say('plan.accept')}
        </button>
        <button type="button" class="button" data-do="discard" onClick={() => {
            plans.discard()
            actions.focusMap()
          }}
        >
          {words.say('plan.discard')}
        </button>
      </div>
      <MoreFigures outcome={outcome} level={level} profile={profile} />
    </section>
  )
}
