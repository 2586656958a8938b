/** What the import of a draft repaired, and what it left open: each with its place. */

import type { ImportReport as Report } from '../../api/plan-documents'
import type { Spot } from '../../api/plans'
import type { Key } from '../../i18n/zh'
import { useApp } from '../app'

const AROUND = 0.0007
const MOST = 200

interface Case {
  readonly kind?: string
  readonly what: string
  readonly area_m2?: number
  readonly given_to?: string
  readonly place?: Spot
}

export function ImportReport({ report }: { report: Report }) {
  const { speech } = useApp()
  const words = speech.value
  const isClean = report.repairs.length + report.left.length === 0
  return (
    <section class="import-report" aria-label={words.say('plan.import.title')}>
      <h3>{words.say('plan.import.title')}</h3>
      {isClean && <p class="exact">{words.say('plan.import.clean')}</p>}
      {report.left.length > 0 && (
        <Cases title={words.say('plan.import.left', { count: report.left.length })} cases={report.left} name="left" />
      )}
      {report.repairs.length > 0 && (
        <Cases
          title={words.say('plan.import.repaired', { count: report.repaired })}
          cases={report.repairs}
          name="repairs"
        />
      )}
    </section>
  )
}

function Cases({ title, cases, name }: { title: string; cases: readonly Case[]; name: string }) {
  const { speech, actions } = useApp()
  const words = speech.value
  return (
    <details open={name === 'left'}>
      <summary>{title}</summary>
      <ol class="rows" data-list={name}>
        {cases.slice(0, MOST).map(({ kind = 'other', what, area_m2, given_to, place }, i) => (
          <li key={i}>
            <button
              type="button"
              class="row-link"
              title={what}
              disabled={!place}
              onClick={() => {
                if (!place) return
                const [x, y] = place
                actions.goTo([x - AROUND, y - AROUND, x + AROUND, y + AROUND])
              }}
            >
              <span>
                {words.say(`plan.case.${kind}` as Key)}
                {given_to && ` · ${words.say('plan.import.to', { grid: given_to })}`}
              </span>
              {area_m2 !== undefined && (
                <span class="number">
                  {words.number(area_m2, 1)} {words.say('unit.m2')}
                </span>
              )}
            </button>
          </li>
        ))}
      </ol>
    </details>
  )
}
