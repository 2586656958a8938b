/** The best staffing as a difference: what it is, how it was measured, and what stays empty. */

import type { Proposal } from '../../api/staffing'
import { useApp } from '../app'
import { Figure, Figures } from '../parts/Figures'
import { Icon } from '../parts/Icon'

import { Changes } from './Changes'
import { OutcomeBox } from './OutcomeBox'
import { postInWords, priceOf, whyEmpty } from './words'

const LISTED = 200

export function ProposalView({ proposal }: { proposal: Proposal }) {
  const { staffing, speech } = useApp()
  const words = speech.value
  const { posts, kept, changes, empty } = proposal
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
      <Measured proposal={proposal} />
      <OutcomeBox />
      {changes.length === 0 ? <p>{words.say('staff.proposal.same')}</p> : <Changes changes={changes} />}
      <Empty proposal={proposal} />
    </section>
  )
}

function Measured({ proposal }: { proposal: Proposal }) {
  const { speech } = useApp()
  const words = speech.value
  const { cost, lower_bound, mean_walk_m, by_street, by_line, beyond_walk, overload, overload_before } = proposal
  const isProved = cost === lower_bound
  return (
    <>
      <p class="quiet">
        {words.say('staff.proposal.walk')} {words.distance(mean_walk_m)}
        {words.language === 'zh' ? '。' : '. '}
        {by_street > 0 && words.say('staff.proposal.streets', { count: by_street })}{' '}
        {by_line > 0 && words.say('staff.proposal.lines', { count: by_line })}{' '}
        {beyond_walk > 0 && words.say('staff.proposal.beyond', { count: beyond_walk })}
      </p>
      {overload !== null && overload_before !== null && (
        <p>
          {words.say('staff.proposal.levelled', {
            before: overload_before,
            after: overload,
            gap: words.number(proposal.gap_percent, 2),
          })}
        </p>
      )}
      <p class={isProved ? 'exact' : 'quiet'}>
        {isProved ? words.say('staff.proposal.proved') : words.say('staff.proposal.gap', { gap: cost - lower_bound })}
      </p>
    </>
  )
}

function Empty({ proposal: { empty } }: { proposal: Proposal }) {
  const { speech } = useApp()
  const words = speech.value
  if (empty.length === 0) return <p class="quiet">{words.say('staff.proposal.filled')}</p>
  return (
    <>
      <h3>{words.say('staff.proposal.why')}</h3>
      <ul class="rows" data-list="empty">
        {empty.slice(0, LISTED).map((post) => (
          <li key={`${post.kind}/${post.target_id}/${post.role}`} class="empty-post">
            <span>{postInWords(words, post)}</span>
            <small>{whyEmpty(words, post)}</small>
            <small class="price">{priceOf(words, post)}</small>
          </li>
        ))}
      </ul>
      {empty.length > LISTED && (
        <p class="quiet">{words.say('common.truncated', { shown: LISTED, matched: empty.length })}</p>
      )}
    </>
  )
}
