/** An open plan beside another one: what differs, who is affected, and both on the map. */

import { useId } from 'preact/hooks'

import type { Plan } from '../../api/plans'
import { valueOf } from '../../state/resource'
import type { Beside } from '../../state/documents'
import { useApp } from '../app'
import { Waiting } from '../parts/Message'

import { Changes } from './Changes'

export function Compare({ plan }: { plan: Plan }) {
  const { documents, plans, speech } = useApp()
  const words = speech.value
  const id = useId()
  const others = (valueOf(plans.list.loaded.value) ?? []).filter(
    (item) => item.id !== plan.id && item.network === plan.network,
  )
  const loaded = documents.beside.loaded.value
  if (others.length === 0) return null
  return (
    <section class="compare" aria-label={words.say('plan.compare')}>
      <h3>{words.say('plan.compare')}</h3>
      <div class="field">
        <label for={id}>{words.say('plan.compare.with')}</label>
        <select
          id={id}
          name="compare"
          value={documents.other.value ?? ''}
          onChange={(event) => {
            const chosen = Number(event.currentTarget.value)
            documents.other.value = chosen || null
            if (!chosen) documents.swipe.value = null
          }}
        >
          <option value="">{words.say('plan.compare.none')}</option>
          {others.map((item) => (
            <option key={item.id} value={item.id}>
              {item.name} · {words.say(`plan.state.${item.state}`)}
            </option>
          ))}
        </select>
      </div>
      {loaded.state === 'loading' && <p role="status">{words.say('plan.compare.wait')}</p>}
      {loaded.state === 'failed' && <Waiting loaded={loaded} retry={documents.beside.retry} />}
      {loaded.state === 'ready' && <Answer beside={loaded.value} />}
    </section>
  )
}

function Answer({ beside }: { beside: Beside }) {
  const { documents, speech } = useApp()
  const isSwiped = documents.swipe.value !== null
  return (
    <>
      <button
        type="button"
        class="button"
        data-do="swipe"
        aria-pressed={isSwiped}
        onClick={() => {
          documents.swipe.value = isSwiped ? null : 50
        }}
      >
        {speech.value.say('plan.compare.swipe')}
      </button>
      <Changes beside={beside} />
    </>
  )
}
