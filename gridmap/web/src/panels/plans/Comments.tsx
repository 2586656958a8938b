/** What people say about a plan, pinned to places or on the whole. */

import { useSignal } from '@preact/signals'
import { useId } from 'preact/hooks'

import type { Comment } from '../../api/plan-documents'
import { useApp } from '../app'
import { Waiting } from '../parts/Message'

/** Degrees around a comment, about two hundred metres. */
const AROUND = 0.001

export function Comments() {
  const { documents, speech } = useApp()
  const words = speech.value
  const loaded = documents.comments.loaded.value
  return (
    <section class="comments" aria-label={words.say('plan.comments')}>
      <h3>{words.say('plan.comments')}</h3>
      {loaded.state !== 'ready' ? (
        <Waiting loaded={loaded} retry={documents.comments.retry} />
      ) : loaded.value.length === 0 ? (
        <p class="quiet">{words.say('plan.comments.none')}</p>
      ) : (
        <ol class="rows" data-list="comments">
          {loaded.value.map((item, i) => (
            <One key={item.id} item={item} number={i + 1} />
          ))}
        </ol>
      )}
      <Write />
    </section>
  )
}

function One({ item, number }: { item: Comment; number: number }) {
  const { documents, plans, speech, actions } = useApp()
  const words = speech.value
  const { lon, lat } = item
  const day = item.at.slice(0, 10)
  return (
    <li class="comment" data-resolved={item.resolved}>
      <p class="comment-head">
        {lon !== null && lat !== null ? (
          <button
            type="button"
            class="pin"
            aria-label={`${words.say('plan.comment.go')} ${number}`}
            title={words.say('plan.comment.go')}
            onClick={() => actions.goTo([lon - AROUND, lat - AROUND, lon + AROUND, lat + AROUND])}
          >
            {number}
          </button>
        ) : (
          <span class="quiet">{words.say('plan.comment.whole')}</span>
        )}
        <strong>{item.author}</strong> <time dateTime={item.at}>{day}</time>
      </p>
      <p class="comment-text">{item.text}</p>
      <p class="comment-foot">
        {item.resolved && (
          <span class="quiet">{words.say('plan.comment.resolved', { name: item.resolved_by ?? '' })}</span>
        )}
        <button
          type="button"
          class="button small"
          data-do="resolve"
          disabled={plans.isBusy.value}
          onClick={() => void documents.settle(item.id, !item.resolved)}
        >
          {words.say(item.resolved ? 'plan.comment.reopen' : 'plan.comment.resolve')}
        </button>
      </p>
    </li>
  )
}

function Write() {
  const { documents, plans, speech, actions } = useApp()
  const words = speech.value
  const text = useSignal('')
  const id = useId()
  const pin = documents.pin.value
  return (
    <form
      class="plan-form"
      aria-label={words.say('plan.comment.add')}
      onSubmit={(event) => {
        event.preventDefault()
        const said = text.value.trim()
        if (!said) return
        void documents.comment(said).then((done) => {
          if (done) text.value = ''
        })
      }}
    >
      <div class="field">
        <label for={id}>{words.say('plan.comment.text')}</label>
        <textarea
          id={id}
          name="comment"
          rows={2}
          maxLength={2000}
          value={text.value}
          onInput={(event) => {
            text.value = event.currentTarget.value
          }}
        />
      </div>
      <p class="quiet" role="status">
        {pin === 'waiting' ? words.say('plan.comment.waiting') : pin ? words.say('plan.comment.pinned') : ''}
      </p>
      <div class="plan-buttons">
        <button
          type="button"
          class="button"
          data-do="pin"
          aria-pressed={pin !== null}
          onClick={() => {
            documents.pin.value = pin === null ? 'waiting' : null
            if (pin === null) actions.focusMap()
          }}
        >
          {words.say('plan.comment.pin')}
        </button>
        <button
          type="submit"
          class="button primary"
          data-do="comment"
          disabled={plans.isBusy.value || pin === 'waiting' || !text.value.trim()}
        >
          {words.say('plan.comment.add')}
        </button>
      </div>
    </form>
  )
}
