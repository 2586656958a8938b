/** What came of the last step, in words. */

import { problemIn } from '../../i18n/refusals'
import { useApp } from '../app'

import { areaOf } from './words'

export function OutcomeBox() {
  const { staffing, speech } = useApp()
  const words = speech.value
  const outcome = staffing.outcome.value
  if (!outcome) return <div role="status" />
  if (outcome.kind === 'refused') {
    return (
      <div class="plan-notice alarm" role="alert">
        <p class="message-title">{words.say('staff.refused')}</p>
        <p>{problemIn(words, outcome.error)}</p>
      </div>
    )
  }
  const said =
    outcome.kind === 'accepted'
      ? words.say('staff.accepted', { count: outcome.count })
      : outcome.kind === 'missed'
        ? words.say('staff.missed', { area: areaOf(words, outcome.post) })
        : words.say(outcome.link === 'home' ? 'staff.assigned.home' : 'staff.assigned', {
            person: outcome.person,
            area: areaOf(words, outcome.post),
            role: words.term('role', outcome.post.role),
          })
  return (
    <p class="plan-notice" role="status" data-outcome={outcome.kind}>
      {said}
    </p>
  )
}
