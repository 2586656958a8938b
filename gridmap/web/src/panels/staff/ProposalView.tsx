/** The best staffing as a difference: what it is, which changes are taken, and what stays empty. */

import type { Change, Proposal } from '../../api/staffing'
import type { Speech } from '../../i18n/language'
import { valueOf } from '../../state/resource'
import { useApp } from '../app'
import { Figure, Figures } from '../parts/Figures'
import { Icon } from '../parts/Icon'

import { OutcomeBox } from './OutcomeBox'
import { postInWords, whyEmpty } from './words'

const LISTED = 200

export function ProposalView({ proposal }: { proposal: Proposal }) {
  const { staffing, speech } = useApp()
  const words = speech.value
  const { posts, kept, changes, empty, cost, lower_bound, mean_walk_m } = proposal
  const unit = words.say('unit.posts')
  return (
    <section class="proposal" aria-label={words.say('staff.proposal')}>
      <button type="button" class="back" onClick={() => staffing.dismiss()}>
        <Icon name="back" size={18} />
        {words.say('common.back')}
      </button>
      <h3 class="post-title">{words.say('staff.proposal')}</h3>
      <Figures>
        <Figure label={words.say('staff.proposal.posts')} number={words.number(posts)} unit={unit} name="posts" />
        <Figure label={words.say('staff.proposal.kept')} number={words.number(kept)} unit={unit} name="kept" />
        <Figure label={words.say('staff.proposal.changes')} number={words.number(changes.length)} unit={unit} name="changes" />
        <Figure label={words.say('staff.proposal.empty')} number={words.number(empty.length)} unit={unit} name="empty" />
      </Figures>
      <p class="quiet">
        {words.say('staff.proposal.walk')} {words.distance(mean_walk_m)}
      </p>
      <p class={cost === lower_bound ? 'exact' : 'quiet'}>
        {cost === lower_bound
          ? words.say('staff.proposal.proved')
          : words.say('staff.proposal.gap', { gap: cost - lower_bound })}
      </p>
      <OutcomeBox />
      {changes.length === 0 ? (
        <p>{words.say('staff.proposal.same')}</p>
      ) : (
        <Changes changes={changes} />
      )}
      {empty.length === 0 ? (
        <p class="quiet">{words.say('staff.proposal.filled')}</p>
      ) : (
        <>
          <h3>{words.say('staff.proposal.why')}</h3>
          <ul class="rows" data-list="empty">
            {empty.slice(0, LISTED).map((post) => (
              <li key={`${post.kind}/${post.target_id}/${post.role}`} class="empty-post">
                <span>{postInWords(words, post)}</span>
                <small>{whyEmpty(words, post)}</small>
              </li>
            ))}
          </ul>
          {empty.length > LISTED && (
            <p class="quiet">
              {words.say('common.truncated', { shown: LISTED, matched: empty.length })}
            </p>
          )}
        </>
      )}
    </section>
  )
}

function Changes({ changes }: { changes: readonly Change[] }) {
  const { staffing, speech } = useApp()
  const words = speech.value
  const taken = staffing.taken.value
  const people = new Map(
    (valueOf(staffing.people.loaded.value) ?? []).map(({ id, name }) => [id, name]),
  )
  const put = (numbers: Iterable<number>) => {
    staffing.taken.value = new Set(numbers)
  }
  return (
    <>
      <label class="check">
        <input
          type="checkbox"
          data-do="all"
          checked={taken.size === changes.length}
          onChange={(event) => put(event.currentTarget.checked ? changes.keys() : [])}
        />
        <span>{words.say('staff.proposal.all')}</span>
      </label>
      <ul class="rows" data-list="changes">
        {changes.map((change, i) => (
          <li key={i}>
            <label class="check">
              <input
                type="checkbox"
                checked={taken.has(i)}
                onChange={() => put(taken.has(i) ? [...taken].filter((n) => n !== i) : [...taken, i])}
              />
              <span>
                {postInWords(words, change)}
                <small>{changeInWords(words, change, people)}</small>
              </span>
            </label>
          </li>
        ))}
      </ul>
      <div class="staff-accept">
        <button
          type="button"
          class="button primary"
          data-do="accept-changes"
          disabled={staffing.isBusy.value || taken.size === 0}
          onClick={() => void staffing.accept()}
        >
          {words.say('staff.proposal.accept', { count: taken.size })}
        </button>
      </div>
    </>
  )
}

function changeInWords(words: Speech, change: Change, people: ReadonlyMap<number, string>): string {
  const before =
    change.from === null
      ? ''
      : (people.get(change.from) ?? words.say('staff.proposal.person', { id: String(change.from) }))
  const to = change.to_name ?? ''
  if (change.to === null) return words.say('staff.proposal.leave', { from: before })
  const said =
    change.from === null
      ? words.say('staff.proposal.fill', { to })
      : words.say('staff.proposal.swap', { from: before, to })
  return `${said} · ${words.say('staff.walk', { distance: words.distance(change.walk_m) })}`
}
