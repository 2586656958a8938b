/** The way of a plan through its review: submitted by one person, decided by another. */

import { useSignal } from '@preact/signals'

import type { Plan } from '../../api/plans'
import { useApp } from '../app'

import { Field } from './Field'

export function Review({ plan }: { plan: Plan }) {
  const { documents, plans, speech } = useApp()
  const words = speech.value
  if (plan.state === 'draft') {
    return (
      <div class="plan-form">
        <p class="quiet">{words.say('plan.submit.hint')}</p>
        <button
          type="button"
          class="button primary"
          data-do="submit"
          disabled={plans.isBusy.value}
          onClick={() => void documents.submit()}
        >
          {words.say('plan.submit')}
        </button>
      </div>
    )
  }
  return plan.state === 'in review' ? <Decision plan={plan} /> : null
}

function Decision({ plan }: { plan: Plan }) {
  const { documents, plans, speech } = useApp()
  const words = speech.value
  const starts = useSignal(new Date().toLocaleDateString('sv'))
  const reason = useSignal('')
  const me = plans.actor.value.trim() || 'local'
  const isAuthor = me === plan.author
  const isBusy = plans.isBusy.value
  return (
    <>
      <Field label={words.say('plan.actor')} hint={words.say('plan.actor.hint')} name="actor" value={plans.actor} />
      <p class="quiet" role="status">
        {isAuthor ? words.say('plan.review.own') : words.say('plan.review.by', { name: me })}
      </p>
      <form
        class="plan-form"
        aria-label={words.say('plan.publish')}
        onSubmit={(event) => {
          event.preventDefault()
          if (!isAuthor) void plans.publish(starts.value)
        }}
      >
        <Field label={words.say('plan.publish.starts')} name="starts" type="date" value={starts} required />
        <button type="submit" class="button primary" data-do="publish" disabled={isBusy || isAuthor}>
          {words.say('plan.publish')}
        </button>
      </form>
      <form
        class="plan-form"
        aria-label={words.say('plan.return')}
        onSubmit={(event) => {
          event.preventDefault()
          void documents.sendBack(reason.value.trim())
        }}
      >
        {!isAuthor && (
          <Field label={words.say('plan.return.reason')} name="reason" value={reason} required />
        )}
        <button type="submit" class="button" data-do="return" disabled={isBusy}>
          {words.say(isAuthor ? 'plan.return.own' : 'plan.return')}
        </button>
      </form>
    </>
  )
}
