/** What became of the grids of the plan before: only those that changed. */

import type { Heir } from '../../api/plans'
import { changedHeirs } from '../../state/draft'
import { useApp } from '../app'

export function Lineage({ lineage }: { lineage: readonly Heir[] }) {
  const { plans, speech } = useApp()
  const words = speech.value
  const rows = changedHeirs(lineage, plans.level.value)
  return (
    <section aria-label={words.say('plan.lineage')}>
      <h3>{words.say('plan.lineage')}</h3>
      {rows.length === 0 ? (
        <p class="quiet">{words.say('plan.lineage.none')}</p>
      ) : (
        <table class="plan-table" data-list="lineage">
          <thead>
            <tr>
              <th scope="col">{words.say('plan.lineage.old')}</th>
              <th scope="col" class="words">
                {words.say('plan.lineage.new')}
              </th>
              <th scope="col">{words.say('plan.table.households')}</th>
              <th scope="col">{words.say('plan.lineage.share')}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={`${row.old_id}-${row.new_id}`}>
                <th scope="row">{row.old_name}</th>
                <td class="words">{row.new_name}</td>
                <td class="number">{words.number(row.households)}</td>
                <td class="number">{words.number(row.share * 100, 1)}%</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  )
}
