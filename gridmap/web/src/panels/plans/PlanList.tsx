/** The plans of a place: what state they are in, and a new draft. */

import { useSignal } from '@preact/signals'

import type { Plan } from '../../api/plans'
import type { Speech } from '../../i18n/language'
import type { Cut } from '../../state/data'
import { useApp } from '../app'
import { Message, Waiting } from '../parts/Message'

import { Field } from './Field'
import { NoticeBox } from './NoticeBox'

export function PlanList({ cut }: { cut: Cut | null }) {
  const { plans, speech } = useApp()
  const words = speech.value
  const loaded = plans.list.loaded.value
  if (loaded.state !== 'ready') return <Waiting loaded={loaded} retry={plans.list.retry} />
  const listed = loaded.value
  if (listed.length === 0) return <Message title={words.say('plan.list.none')} />
  return (
    <>
      <h3>{words.say('plan.list')}</h3>
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
      {cut && <NewDraft cut={cut} listed={listed} />}
    </>
  )
}

function NewDraft({ cut, listed }: { cut: Cut; listed: readonly Plan[] }) {
  const { plans, speech } = useApp()
  const words = speech.value
  const name = useSignal('')
  const base = listed.find((plan) => plan.state === 'published' && plan.network === cut.network.key)
  if (!base) {
    return <p class="quiet">{words.say('plan.new.none', { network: words.label(cut.network) })}</p>
  }
  return (
    <form
      class="plan-form"
      aria-label={words.say('plan.new')}
      onSubmit={(event) => {
        event.preventDefault()
        if (name.value.trim()) void plans.make(base.id, name.value.trim())
      }}
    >
      <h3>{words.say('plan.new')}</h3>
      <p class="quiet">{words.say('plan.new.from', { name: base.name })}</p>
      <Field label={words.say('plan.new.name')} name="draft-name" value={name} required />
      <Field
        label={words.say('plan.actor')}
        hint={words.say('plan.actor.hint')}
        name="actor"
        value={plans.actor}
      />
      <NoticeBox />
      <button type="submit" class="button primary" disabled={plans.isBusy.value}>
        {words.say('plan.new.make')}
      </button>
    </form>
  )
}

/** Network, period and people of a plan in one line. */
export function factsOf(words: Speech, plan: Plan): string {
  const network = words.label({ name: plan.network_name, name_en: plan.network_name_en })
  const { valid_from: from, valid_to: to } = plan
  return [
    network,
    from && (to ? words.say('plan.between', { from, to }) : words.say('plan.from', { from })),
    words.say('plan.by', { author: plan.author }),
    plan.reviewer && words.say('plan.reviewed', { reviewer: plan.reviewer }),
  ]
    .filter(Boolean)
    .join(' · ')
}
