/** Every other figure that an edit would change: of each grid, and of all of them together. */

import type { AreaFigures, Outcome, Totals } from '../../api/plans'
import type { Key } from '../../i18n/zh'
import { changedAt, deviationOf, type Profile } from '../../state/draft'
import { useApp } from '../app'

const TOTALS = ['off_size', 'deviation', 'non_contiguous', 'polsby_popper', 'unassigned'] as const
const SHARES: ReadonlySet<string> = new Set(['polsby_popper', 'reock', 'hull_ratio'])
const OF_GRIDS = ['deviation', 'buildings', 'dossiers', 'polsby_popper', 'reock', 'hull_ratio', 'parts'] as const

type Pair = { readonly before: number | null; readonly after: number | null }

export function MoreFigures({
  outcome,
  level,
  profile,
}: {
  outcome: Outcome
  level: number | null
  profile: Profile | null
}) {
  const { speech } = useApp()
  const words = speech.value
  const totals = outcome.totals.find((item) => item.level === level)
  return (
    <details class="more-figures">
      <summary>{words.say('plan.preview.more')}</summary>
      <table class="plan-table" data-list="more-figures">
        <tbody>
          {changedAt(outcome, level).map(({ id, before, after }) => (
            <Rows
              key={id}
              title={words.name(after ?? before ?? {})}
              rows={OF_GRIDS.filter((name) => name !== 'deviation' || profile).map((name) => [
                `plan.figure.${name}` as Key,
                { before: ofGrid(before, name, profile), after: ofGrid(after, name, profile) },
              ])}
            />
          ))}
          {totals && (
            <Rows
              title={words.say('plan.preview.total')}
              rows={TOTALS.map((name) => [
                `plan.total.${name}` as Key,
                { before: ofAll(totals.before, name), after: ofAll(totals.after, name) },
              ])}
            />
          )}
        </tbody>
      </table>
    </details>
  )
}

/** A heading, and one row for each figure that there is. */
function Rows({ title, rows }: { title: string; rows: readonly (readonly [key: Key, pair: Pair])[] }) {
  const { speech } = useApp()
  const words = speech.value
  const text = (value: number | null) => (value === null ? '–' : words.number(value))
  return (
    <>
      <tr class="group">
        <th scope="rowgroup" colSpan={2}>
          {title}
        </th>
      </tr>
      {rows
        .filter(([, { before, after }]) => before !== null || after !== null)
        .map(([key, { before, after }]) => (
          <tr key={key} data-changed={before !== after}>
            <th scope="row">{words.say(key)}</th>
            <td class="number">
              {before === after
                ? text(after)
                : words.say('plan.preview.arrow', { before: text(before), after: text(after) })}
            </td>
          </tr>
        ))}
    </>
  )
}

function ofGrid(
  figures: AreaFigures | null,
  name: (typeof OF_GRIDS)[number],
  profile: Profile | null,
): number | null {
  if (!figures) return null
  return rounded(name, name === 'deviation' ? deviationOf(figures, profile) : (figures[name] ?? null))
}

function ofAll(totals: Totals | null, name: (typeof TOTALS)[number]): number | null {
  return totals && rounded(name, totals[name])
}

function rounded(name: string, value: number | null): number | null {
  return value !== null && SHARES.has(name) ? Math.round(100 * value) : value
}
