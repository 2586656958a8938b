/** What came of the last step with templates, events, rotas and the past. */

import type { Speech } from '../../i18n/language'
import { problemIn } from '../../i18n/refusals'
import type { TogetherOutcome as Outcome } from '../../state/staff-together'
import { useApp } from '../app'

export function TogetherOutcome() {
  const { together, speech } = useApp()
  const words = speech.value
  const outcome = together.outcome.value
  if (!outcome) return <div role="status" />
  if (outcome.kind === 'refused') {
    return (
      <div class="plan-notice alarm" role="alert">
        <p class="message-title">{words.say('staff.together.refused')}</p>
        <p>{problemIn(words, outcome.error)}</p>
      </div>
    )
  }
  return (
    <div class="plan-notice" role="status" data-outcome={outcome.kind}>
      <p>{words.say(`staff.together.${outcome.kind}`, valuesOf(words, outcome))}</p>
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
    case 'stands-in':
      return { team: outcome.team, day: words.day(outcome.day) }
    default:
      return { ...outcome }
  }
}
