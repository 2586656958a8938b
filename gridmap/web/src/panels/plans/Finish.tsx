/** The proof of a plan, and its way through review to publication. */

import type { Plan, Proof } from '../../api/plans'
import type { Key } from '../../i18n/zh'
import { useApp } from '../app'

import { Review } from './Review'

/** Degrees around a defect, about a hundred metres. */
const AROUND = 0.0005

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
  const { speech, actions } = useApp()
  const words = speech.value
  if (proof.exact) return <p class="exact">{words.say('plan.check.exact')}</p>
  return (
    <>
      <p class="off">{words.say('plan.check.defects', { count: proof.defects.length })}</p>
      <ol class="rows" data-list="defects">
        {proof.defects.map(({ kind, place: [x, y], area_m2 }, i) => (
          <li key={i}>
            <button
              type="button"
              class="row-link"
              onClick={() => actions.goTo([x - AROUND, y - AROUND, x + AROUND, y + AROUND])}
            >
              <span>{words.say(`plan.defect.${kind}` as Key)}</span>
              <span class="number">
                {words.number(area_m2, 2)} {words.say('unit.m2')}
              </span>
            </button>
          </li>
        ))}
      </ol>
    </>
  )
}
