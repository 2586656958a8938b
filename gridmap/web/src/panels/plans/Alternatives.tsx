/** The alternatives of a partition side by side; the chosen one is drawn on the map. */

import type { Alternative, Job } from '../../api/plan-partition'
import type { Key } from '../../i18n/zh'
import { useApp } from '../app'

const MOST_MISSES = 5

export function Alternatives({ job }: { job: Job }) {
  const { partition, plans, speech } = useApp()
  const words = speech.value
  const shown = partition.shown.value
  const chosen = job.alternatives[shown - 1]
  return (
    <div data-shown={partition.areas.value.length > 0 ? shown : 0}>
      <p role="status">
        {words.say('plan.partition.found', {
          count: job.alternatives.length,
          seconds: words.number(Math.ceil(job.seconds)),
        })}
      </p>
      <table class="plan-table" data-list="alternatives">
        <thead>
          <tr>
            <th scope="col">{words.say('plan.partition.way')}</th>
            <th scope="col">{words.say('plan.partition.count')}</th>
            <th scope="col">{words.say('plan.partition.in')}</th>
            <th scope="col">{words.say('plan.partition.compact')}</th>
            <th scope="col">{words.say('plan.partition.off')}</th>
          </tr>
        </thead>
        <tbody>
          {job.alternatives.map((item, index) => (
            <tr key={index} aria-selected={shown === index + 1}>
              <th scope="row">
                <button
                  type="button"
                  class="link"
                  data-alternative={index + 1}
                  aria-pressed={shown === index + 1}
                  onClick={() => void partition.show(index + 1)}
                >
                  {words.say(`plan.partition.${item.emphasis}` as Key)}
                </button>
              </th>
              <td>{words.number(item.totals.grids)}</td>
              <td>{words.number(item.totals.in_range)}</td>
              <td>{Math.round(100 * item.totals.compactness_mean)}%</td>
              <td>{words.say('plan.partition.km', { km: (item.totals.off_street_m / 1000).toFixed(1) })}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {chosen && <Details of={chosen} />}
      <div class="plan-buttons">
        <button
          type="button"
          class="button primary"
          data-do="accept-alternative"
          disabled={plans.isBusy.value || !chosen}
          onClick={() => void partition.accept()}
        >
          {words.say('plan.partition.accept')}
        </button>
        <button type="button" class="button" onClick={partition.discard}>
          {words.say('plan.partition.discard')}
        </button>
      </div>
    </div>
  )
}

function Details({ of }: { of: Alternative }) {
  const { speech } = useApp()
  const words = speech.value
  const { households_least: least, households_most: most } = of.totals
  return (
    <>
      <p class="quiet">
        {words.say('plan.partition.size', { least, most })}
        {of.micro_grids !== null && ` · ${words.say('plan.partition.micro', { count: of.micro_grids })}`}
      </p>
      {of.misses.length > 0 && (
        <ul>
          {of.misses.slice(0, MOST_MISSES).map((miss) => (
            <li key={miss.grid}>
              {words.say('plan.partition.missed', {
                households: miss.households,
                reason: words.say(reasonOf(miss.reason)),
              })}
            </li>
          ))}
        </ul>
      )}
    </>
  )
}

/** The service says why in English; the page in its own language. */
function reasonOf(reason: string): Key {
  if (reason.startsWith('one ')) return 'plan.partition.reason.atom'
  if (reason.includes('locked')) return 'plan.partition.reason.locked'
  if (reason.startsWith('the whole piece')) return 'plan.partition.reason.ground'
  return 'plan.partition.reason.none'
}
