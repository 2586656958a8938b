/** The plans of a place: what state they are in, and a new draft. */

import type { Plan } from '../../api/plans'
import type { Speech } from '../../i18n/language'
import type { Cut } from '../../state/data'
import { useApp } from '../app'
import { Message, Waiting } from '../parts/Message'

import { NewPlan } from './NewPlan'

export function PlanList({ cut }: { cut: Cut | null }) {
  const { plans, speech } = useApp()
  const words = speech.value
  const loaded = plans.list.loaded.value
  if (loaded.state !== 'ready') return <Waiting loaded={loaded} retry={plans.list.retry} />
  const listed = loaded.value
  return (
    <>
      <h3>{words.say('plan.list')}</h3>
      {listed.length === 0 && <Message title={words.say('plan.list.none')} />}
      <ol class="rows" data-list="plans">
        {listed.map((plan) => (
          <li key={plan.id}>
            <button type="button" class="row-link plan-row" onClick={() => plans.show(plan.id)}>
              <span>{plan.name}</span>
              <span class="badge" data-state={plan.state}>
                {words.say(`plan.state.${plan.state}`)}
              </span>
              <small>{factsOf(words, plan)}</small>
            </button>
          </li>
        ))}
      </ol>
      {cut && <NewPlan cut={cut} listed={listed} />}
    </>
  )
}

/** Network, period and people of a plan in one line. */
export function factsOf(words: Speech, plan: Plan): string {
  const network = words.label({ name: plan.network_name, name_en: plan.network_name_en })
  const { valid_from: from, valid_to: to } = plan
  return [
    network,
    from && (to ? words.say('plan.between', { from, to }) : words.say('plan.from', { from })),
    plan.in_force && words.say('plan.holds'),
    !from && words.say('plan.made', { date: plan.created_at.slice(0, 10) }),
    words.say('plan.by', { author: plan.author }),
    plan.reviewer && words.say('plan.reviewed', { reviewer: plan.reviewer }),
    plan.open_comments > 0 && words.say('plan.comments.open', { count: plan.open_comments }),
  ]
    .filter(Boolean)
    .join(' · ')
}
