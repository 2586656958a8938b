/** An open plan beside another one: what differs, who is affected, and both on the map. */

import { useId } from 'preact/hooks'

import type { Plan } from '../../api/plans'
import { valueOf } from '../../state/resource'
import type { Beside } from '../../state/documents'
import { useApp } from '../app'
import { Waiting } from '../parts/Message'

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

function Answer({ beside: { comparison } }: { beside: Beside }) {
  const { documents, plans, speech } = useApp()
  const words = speech.value
  const level = comparison.levels.find((item) => item.level === plans.level.value)
  if (!level) return null
  const changed = [...level.changed, ...level.gone]
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
        {words.say('plan.compare.swipe')}
      </button>
      {changed.length === 0 ? (
        <p class="quiet">{words.say('plan.compare.same')}</p>
      ) : (
        <>
          <p>
            {words.say('plan.compare.sum', {
              before: level.grids_before,
              after: level.grids_after,
              households: level.households_moved,
              incidents: level.open_incidents_moved,
            })}
          </p>
          <table class="plan-table" data-list="changed">
            <tbody>
              {changed.map((grid) => (
                <tr key={`${grid.change}-${grid.id}`}>
                  <th scope="row">{words.name(grid)}</th>
                  <td class="words">{words.say(`plan.change.${grid.change}`)}</td>
                  <td class="number">
                    {words.number(grid.households)} {words.say('unit.households')}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
          <Posts beside={comparison} ids={changed.map((grid) => grid.name)} />
        </>
      )}
    </>
  )
}

function Posts({ beside, ids }: { beside: Beside['comparison']; ids: readonly string[] }) {
  const { speech } = useApp()
  const words = speech.value
  const posts = beside.posts.filter((post) => ids.includes(post.grid_name))
  if (posts.length === 0) return null
  return (
    <>
      <h4>{words.say('plan.compare.posts')}</h4>
      <ul class="rows" data-list="posts">
        {posts.map((post, i) => (
          <li key={i}>
            {post.name} · {words.name({ name: post.role_name, name_en: post.role_name_en })} · {post.grid_name}
          </li>
        ))}
      </ul>
    </>
  )
}
