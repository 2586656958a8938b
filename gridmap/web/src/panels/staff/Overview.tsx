/** What is complete, every vacancy, and who has too many posts. */

import { useSignal } from '@preact/signals'

import type { Completeness, HeldWithout, Vacancy } from '../../api/staffing'
import type { Bounds } from '../../geometry/bounds'
import { useApp } from '../app'
import { Waiting } from '../parts/Message'

import { ProposalTerms } from './ProposalTerms'
import { areaOf, listed, postInWords, targetsInWords } from './words'

const LISTED = 60
/** Degrees around a post, about two hundred metres. */
const AROUND = 0.0018

export function Overview() {
  const { staffing, speech } = useApp()
  const words = speech.value
  const loaded = staffing.completeness.loaded.value
  if (loaded.state !== 'ready') return <Waiting loaded={loaded} retry={staffing.completeness.retry} />
  return (
    <>
      <Templates found={loaded.value} />
      <div class="staff-propose">
        <ProposalTerms />
        <button
          type="button"
          class="button primary"
          data-do="propose"
          disabled={staffing.isBusy.value}
          onClick={() => void staffing.propose()}
        >
          {words.say(staffing.isBusy.value ? 'staff.propose.wait' : 'staff.propose')}
        </button>
        <p class="quiet">{words.say('staff.propose.hint')}</p>
      </div>
      <Vacancies vacancies={loaded.value.vacancies} />
      <Without posts={loaded.value.away} what="away" />
      <Without posts={loaded.value.unskilled} what="unskilled" />
      <Overloaded people={loaded.value.over_capacity} />
      <DoublePosts people={loaded.value.double_posts} />
    </>
  )
}

function Templates({ found }: { found: Completeness }) {
  const { data, speech } = useApp()
  const words = speech.value
  if (found.templates.length === 0) return <p class="quiet">{words.say('staff.complete.none')}</p>
  return (
    <dl class="staff-templates" data-list="templates">
      {found.templates.map(({ key, areas, complete, sentence, sentence_en, levels }) => (
        <div key={key} data-template={key}>
          <dt>{words.language === 'zh' ? sentence : sentence_en}</dt>
          {(levels.length > 1 || areas !== levels[0]?.targets || complete !== levels[0].complete) &&
            levels.map((of) => (
              <dd key={`${of.network}/${of.level}`} data-complete={of.complete === of.targets}>
                {words.say('staff.complete', {
                  targets: of.targets,
                  complete: of.complete,
                  level: targetsInWords(words, data.place.value, of),
                })}
              </dd>
            ))}
        </div>
      ))}
    </dl>
  )
}

function Vacancies({ vacancies }: { vacancies: readonly Vacancy[] }) {
  const { staffing, speech, actions } = useApp()
  const words = speech.value
  const role = useSignal('')
  if (vacancies.length === 0) {
    return (
      <>
        <h3>{words.say('staff.vacancies')}</h3>
        <p class="quiet">{words.say('staff.vacancies.none')}</p>
      </>
    )
  }
  const roles = [...new Set(vacancies.map((item) => item.role))]
  const chosen = vacancies.filter((item) => role.value === '' || item.role === role.value)
  return (
    <>
      <h3>{words.say('staff.vacancies.count', { count: vacancies.length })}</h3>
      {roles.length > 1 && (
        <div class="filters">
          <select
            aria-label={words.say('staff.vacancies.role')}
            value={role.value}
            onChange={(event) => {
              role.value = event.currentTarget.value
            }}
          >
            <option value="">{words.say('staff.vacancies.all', { count: vacancies.length })}</option>
            {roles.map((item) => (
              <option key={item} value={item}>
                {words.term('role', item)}
              </option>
            ))}
          </select>
        </div>
      )}
      <ol class="rows" data-list="vacancies">
        {chosen.slice(0, LISTED).map((item) => (
          <li key={`${item.kind}/${item.target_id}/${item.role}`}>
            <button
              type="button"
              class="row-link"
              data-target={item.target_id}
              data-role={item.role}
              onClick={() => {
                staffing.look(item)
                actions.goTo(around(item))
              }}
            >
              <span>{areaOf(words, item)}</span>
              <small>
                {words.term('role', item.role)}
                {item.full_time && ` · ${words.say('staff.full')}`}
                {item.skills.length > 0 && ` · ${listed(words, item.skills)}`}
                {item.missing > 1 && ` · ${words.say('staff.missing', { count: item.missing })}`}
              </small>
            </button>
          </li>
        ))}
      </ol>
      {chosen.length > LISTED && (
        <p class="quiet">
          {words.say('common.truncated', { shown: LISTED, matched: chosen.length })}
        </p>
      )}
    </>
  )
}

function around({ lon, lat }: Vacancy): Bounds {
  return [lon - AROUND, lat - AROUND, lon + AROUND, lat + AROUND]
}

function Overloaded({ people }: { people: Completeness['over_capacity'] }) {
  const { speech } = useApp()
  const words = speech.value
  return (
    <>
      <h3>{words.say('staff.over')}</h3>
      {people.length === 0 && <p class="quiet">{words.say('staff.over.none')}</p>}
      <ul class="rows" data-list="overloaded">
        {people.map(({ staff_id, name, posts }) => (
          <li key={staff_id}>
            <span>{name}</span>
            <small>{words.say('staff.over.posts', { count: posts })}</small>
          </li>
        ))}
      </ul>
    </>
  )
}

/** Posts that are filled, by people who are absent or lack a skill. */
function Without({ posts, what }: { posts: readonly HeldWithout[]; what: 'away' | 'unskilled' }) {
  const { speech } = useApp()
  const words = speech.value
  if (posts.length === 0) return null
  return (
    <>
      <h3>{words.say(`staff.${what}`)}</h3>
      <ul class="rows" data-list={what}>
        {posts.slice(0, LISTED).map((post) => (
          <li key={`${post.kind}/${post.target_id}/${post.role}/${post.staff_id}`}>
            <span>{post.staff_name}</span>
            <small>
              {postInWords(words, post)}
              {what === 'unskilled' && ` · ${words.say('staff.unskilled.lacks', { skills: listed(words, post.skills) })}`}
            </small>
          </li>
        ))}
      </ul>
      {posts.length > LISTED && (
        <p class="quiet">{words.say('common.truncated', { shown: LISTED, matched: posts.length })}</p>
      )}
    </>
  )
}

function DoublePosts({ people }: { people: Completeness['double_posts'] }) {
  const { speech } = useApp()
  const words = speech.value
  if (people.length === 0) return null
  return (
    <>
      <h3>{words.say('staff.double')}</h3>
      <ul class="rows" data-list="double-posts">
        {people.map(({ staff_id, name, role, targets }) => (
          <li key={`${staff_id}/${role}`}>
            <span>
              {name} · {words.term('role', role)}
            </span>
            <small>{listed(words, targets.map((target) => areaOf(words, target)))}</small>
          </li>
        ))}
      </ul>
    </>
  )
}
