/** First and last day of something; an empty one is "from now" and "without an end". */

import type { Period } from '../../state/staff-held'
import { useApp } from '../app'

export function PeriodFields({ period, put }: { period: Period; put: (part: Partial<Period>) => void }) {
  const { speech } = useApp()
  const words = speech.value
  return (
    <div class="period">
      {(['from', 'until'] as const).map((bound) => (
        <label key={bound} class="field">
          <span>{words.say(`staff.manner.${bound}`)}</span>
          <input
            type="date"
            name={bound}
            value={period[bound]}
            min={bound === 'until' ? period.from : undefined}
            onInput={({ currentTarget }) => put({ [bound]: currentTarget.value })}
          />
        </label>
      ))}
    </div>
  )
}
