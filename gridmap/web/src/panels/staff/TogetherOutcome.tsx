/** What came of the last step with templates, events, rotas and the past. */

import { Problem } from '../../api/client'
import type { Speech } from '../../i18n/language'
import { problemIn, saidIn } from '../../i18n/refusals'
import type { TogetherOutcome as Outcome } from '../../state/staff-together'
import { useApp } from '../app'

export function TogetherOutcome() {
  const { together, staffing, speech } = useApp()
  const words = speech.value
  const outcome = together.outcome.value
  if (!outcome) return <div role="status" />
  if (outcome.kind === 'refused') {
    return (
      <div class="plan-notice alarm" role="alert">
        <p class="message-title">{words.say('staff.together.refused')}</p>
        <p>{problemIn(words, outcome.error)}</p>
        <Faults error={outcome.error} />
      </div>
    )
  }
  return (
    <div class="plan-notice" role="status" data-outcome={outcome.kind}>
      <p>{words.say(`staff.together.${outcome.kind}`, valuesOf(words, outcome))}</p>
      {outcome.kind === 'template-gone' && (
        <button
          type="button"
          class="button"
          data-do="undo"
          disabled={together.isBusy.value}
          onClick={() =>
            void together
              .saveTemplate({ ...outcome.template, revision: null })
              .then(staffing.completeness.retry)
          }
        >
          {words.say('staff.together.undo.delete')}
        </button>
      )}
      {outcome.kind === 'called-off' && (
        <button
          type="button"
          class="button"
          data-do="undo"
          disabled={together.isBusy.value}
          onClick={() => void together.restore(outcome.event)}
        >
          {words.say('staff.together.undo')}
        </button>
      )}
    </div>
  )
}

/** What is wrong in which row of what was sent. */
function Faults({ error }: { error: unknown }) {
  const { speech } = useApp()
  const words = speech.value
  if (!(error instanceof Problem) || error.faults.length === 0) return null
  return (
    <ul data-list="faults">
      {error.faults.map(({ reason, row }, i) => (
        <li key={i}>
          {row !== undefined && `${words.say('staff.templates.row', { row })} · `}
          {saidIn(words, reason)}
        </li>
      ))}
    </ul>
  )
}

function valuesOf(
  words: Speech,
  outcome: Exclude<Outcome, { kind: 'refused' }>,
): Readonly<Record<string, string | number>> {
  switch (outcome.kind) {
    case 'planned':
    case 'called-off': {
      const { day, name, teams } = outcome.event
      return { day: words.day(day), name, count: teams.length }
    }
    case 'template-gone':
      return { key: outcome.template.key }
    case 'stands-in':
      return { team: outcome.team, day: words.day(outcome.day) }
    default:
      return { ...outcome }
  }
}
