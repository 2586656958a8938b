/** What went wrong with the last step, or what others changed meanwhile. */

import { Problem } from '../../api/client'
import { problemIn, saidIn } from '../../i18n/refusals'
import type { Key } from '../../i18n/zh'
import { useApp } from '../app'

export function NoticeBox() {
  const { plans, speech } = useApp()
  const words = speech.value
  const notice = plans.notice.value
  if (!notice) return null
  if (notice.kind === 'refused') {
    const { error } = notice
    const faults = error instanceof Problem ? error.faults : []
    const others = faults.filter((fault) => !problemIn(words, error).includes(saidIn(words, fault.reason)))
    return (
      <div class="plan-notice alarm" role="alert">
        <p class="message-title">{words.say('plan.refused')}</p>
        <p>{problemIn(words, error)}</p>
        {others.length > 0 && (
          <ul>
            {others.slice(0, 8).map((fault) => (
              <li key={fault.reason}>{saidIn(words, fault.reason)}</li>
            ))}
          </ul>
        )}
      </div>
    )
  }
  if (notice.kind === 'missed') {
    return (
      <div class="plan-notice" role="alert">
        <p>{words.say(`plan.missed.${notice.way}` as Key)}</p>
      </div>
    )
  }
  return (
    <div class="plan-notice" role="alert">
      <p class="message-title">{words.say('plan.stale')}</p>
      <ul>
        {notice.entries.map((entry) => (
          <li key={entry.revision}>
            {words.say('plan.stale.entry', {
              revision: entry.revision,
              actor: entry.actor,
              kind: words.say(`plan.kind.${entry.kind}` as Key),
            })}
          </li>
        ))}
      </ul>
    </div>
  )
}
