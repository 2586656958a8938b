/** A boundary is held: the households on its sides as they would be, if it were let go of here. */

import { changedAt, deviationOf, profileOf } from '../../state/draft'
import { useApp } from '../app'

export function Held() {
  const { plans, live, speech } = useApp()
  const words = speech.value
  const plan = plans.open.value?.plan
  const outcome = live.outcome.value
  const level = plans.level.value
  const profile = plan ? profileOf(plan, level) : null
  return (
    <section class="toolbox" aria-label={words.say('plan.tool.redraw')}>
      <p role="status">{words.say('plan.pull.held')}</p>
      <table class="plan-table" data-list="live">
        <caption class="quiet">{words.say(outcome ? 'plan.live' : 'plan.live.wait')}</caption>
        <tbody>
          {outcome &&
            changedAt(outcome, level).map(({ id, before, after }) => (
              <tr key={id} data-grid={id}>
                <th scope="row">{words.name(after ?? before ?? {})}</th>
                <td class={after && deviationOf(after, profile) !== 0 ? 'number off' : 'number'}>
                  {before && after && before.households !== after.households
                    ? words.say('plan.preview.arrow', {
                        before: before.households,
                        after: after.households,
                      })
                    : words.number((after ?? before)?.households ?? 0)}{' '}
                  {words.say('unit.households')}
                </td>
              </tr>
            ))}
        </tbody>
      </table>
    </section>
  )
}
