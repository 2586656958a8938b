/** Cutting a draft's grids anew: what is asked, how far it is, and what came out. */

import type { Wanted } from '../../api/plan-partition'
import { saidIn } from '../../i18n/refusals'
import { useApp } from '../app'

import { Alternatives } from './Alternatives'

type Count = 'minimum' | 'maximum' | 'grids'

export function Partition() {
  const { partition, plans, speech } = useApp()
  const words = speech.value
  const job = partition.job.value
  const wanted = partition.wanted.value
  const isRunning = partition.isRunning.value
  const isSound = wanted.minimum >= 1 && wanted.maximum >= wanted.minimum
  const percent = Math.round(100 * (job?.progress ?? 0))
  return (
    <details class="partition" data-partition={job?.state ?? 'none'}>
      <summary>{words.say('plan.partition')}</summary>
      <p class="quiet">{words.say('plan.partition.text')}</p>
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void partition.start()
        }}
      >
        <Number name="minimum" label={words.say('plan.partition.least')} />
        <Number name="maximum" label={words.say('plan.partition.most')} />
        <Number name="grids" label={words.say('plan.partition.grids')} />
        <div class="plan-buttons">
          {isRunning ? (
            <button type="button" class="button" data-do="stop" onClick={() => void partition.cancel()}>
              {words.say('plan.partition.cancel')}
            </button>
          ) : (
            <button
              type="submit"
              class="button primary"
              data-do="cut"
              disabled={plans.isBusy.value || !isSound}
            >
              {words.say('plan.partition.start')}
            </button>
          )}
        </div>
      </form>
      {isRunning && (
        <div role="status">
          <progress max={100} value={percent} aria-label={words.say('plan.partition')} />
          <p>
            {job?.state === 'running'
              ? words.say('plan.partition.running', { percent })
              : words.say('plan.partition.waiting')}
          </p>
        </div>
      )}
      {job?.state === 'cancelled' && <p role="status">{words.say('plan.partition.cancelled')}</p>}
      {job?.state === 'failed' && (
        <div class="plan-notice alarm" role="alert">
          <p class="message-title">{words.say('plan.partition.failed')}</p>
          <p>
            {[job.error?.message, job.error?.hint]
              .flatMap((text) => (text ? [saidIn(words, text)] : []))
              .join(words.language === 'zh' ? '' : ' ')}
          </p>
        </div>
      )}
      {job?.state === 'done' && <Alternatives job={job} />}
    </details>
  )
}

function Number({ name, label }: { name: Count; label: string }) {
  const { partition } = useApp()
  const value = partition.wanted.value[name]
  return (
    <div class="field">
      <label>
        {label}
        <input
          type="number"
          name={`partition-${name}`}
          min={1}
          max={100_000}
          required={name !== 'grids'}
          value={value ?? ''}
          onInput={(event) => {
            const given = event.currentTarget.valueAsNumber
            const next: Wanted = {
              ...partition.wanted.peek(),
              [name]: globalThis.Number.isFinite(given) ? given : name === 'grids' ? null : 0,
            }
            partition.wanted.value = next
          }}
        />
      </label>
    </div>
  )
}
