/** What was proved when the plan was published, and whether the rows still are what they were. */

import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'

import { readCertificate, type Certificate as Found } from '../../api/plan-documents'
import type { Plan } from '../../api/plans'
import { useApp } from '../app'

export function Certificate({ plan }: { plan: Plan }) {
  const { speech } = useApp()
  const words = speech.value
  const found = useSignal<Found | null>(null)
  useEffect(() => {
    const abort = new AbortController()
    found.value = null
    readCertificate(plan.id, abort.signal).then(
      (read) => {
        found.value = read
      },
      () => {}, // the plan itself is shown without it
    )
    return () => abort.abort()
  }, [plan.id, plan.state])
  if (!found.value) return null
  const { holds, certificate } = found.value
  return (
    <section class="certificate" aria-label={words.say('plan.certificate')}>
      <h3>{words.say('plan.certificate')}</h3>
      <p class={holds === false ? 'off' : 'exact'} data-holds={String(holds)}>
        {holds === null
          ? words.say('plan.certificate.plain')
          : holds
            ? words.say('plan.certificate.holds', {
                atoms: certificate.atoms ?? 0,
                grids: certificate.grids ?? 0,
              })
            : words.say('plan.certificate.broken')}
      </p>
      {certificate.result_sha256 && (
        <p class="quiet">
          {words.say('plan.certificate.hash')}: <code>{certificate.result_sha256}</code>
        </p>
      )}
    </section>
  )
}
