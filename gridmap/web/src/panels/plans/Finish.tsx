/** The proof of a plan, and its way through review to publication. */

import type { Plan, Proof } from '../../api/plans'
import { useApp } from '../app'

import { Findings } from './Findings'
import { Review } from './Review'

export function Finish({ plan }: { plan: Plan }) {
  const { plans, speech } = useApp()
  const words = speech.value
  const proof = plans.proof.value
  return (
    <section class="finish" aria-label={words.say('plan.finish')}>
      <h3>{words.say('plan.finish')}</h3>
      <button
        type="button"
        class="button"
        data-do="check"
        disabled={plans.isBusy.value}
        onClick={() => void plans.check()}
      >
        {words.say('plan.check')}
      </button>
      <div role="status">{proof && <Answer proof={proof} />}</div>
      <Review plan={plan} />
    </section>
  )
}

function Answer({ proof }: { proof: Proof }) {
  const { speech } = useApp()
  const words = speech.value
  return (
    <>
      {proof.exact ? (
        <p class="exact">{words.say('plan.check.exact')}</p>
      ) : (
        <>
          <p class="off">{words.say('plan.check.defects', { count: proof.defects.length })}</p>
          <Findings name="defects" found={proof.defects} />
        </>
      )}
      <p>
        {proof.findings.length === 0
          ? words.say('plan.check.none')
          : words.say('plan.check.todo', { count: proof.findings.length })}
      </p>
      <Findings name="findings" found={proof.findings} />
      <p class="quiet">{words.say('plan.check.tolerance')}</p>
    </>
  )
}
