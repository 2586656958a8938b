/** The posts as of a day, what ends around it, what changed before, and what a redraw left. */

import type { Held, Orphan, Past } from '../../api/staff-past'
import type { Speech } from '../../i18n/language'
import { useApp } from '../app'
import { Figure, Figures } from '../parts/Figures'
import { Waiting } from '../parts/Message'

import { TogetherOutcome } from './TogetherOutcome'

const LISTED = 100

export function History() {
  const { together, speech } = useApp()
  const words = speech.value
  const past = together.past.loaded.value
  const orphans = together.orphans.loaded.value
  return (
    <section class="together" aria-label={words.say('staff.sheet.history')} aria-busy={together.isBusy.value}>
      <p class="quiet">{words.say('staff.history.text')}</p>
      <TogetherOutcome />
      <label class="field as-of">
        <span>{words.say('staff.history.day')}</span>
        <input
          type="date"
          name="as-of"
          required
          value={together.asOf.value}
          onInput={({ currentTarget }) => {
            together.asOf.value = currentTarget.value
          }}
        />
      </label>
      <Waiting loaded={past} retry={together.past.retry} />
      {past.state === 'ready' && <Then past={past.value} />}
      <h3>{words.say('staff.history.orphans')}</h3>
      <Waiting loaded={orphans} retry={together.orphans.retry} />
      {orphans.state === 'ready' && <Orphans orphans={orphans.value} />}
      {past.state === 'ready' && <Changes past={past.value} />}
    </section>
  )
}

function Then({ past }: { past: Past }) {
  const { speech } = useApp()
  const words = speech.value
  const unit = words.say('unit.posts')
  return (
    <>
      <Figures>
        <Figure label={words.say('staff.history.posts')} number={words.number(past.posts)} unit={unit} name="held" />
        <Figure label={words.say('staff.history.vacancies')} number={words.number(past.vacancies)} unit={unit} name="vacant" />
      </Figures>
      {past.sentences.map((sentence) => (
        <p key={sentence.zh} class={sentence.complete ? 'exact' : 'lacking'}>
          {sentence[words.language]}
        </p>
      ))}
      <h3>{words.say('staff.history.ending')}</h3>
      {past.ending.length === 0 && <p class="quiet">{words.say('staff.history.ending.none')}</p>}
      <ul class="rows" data-list="ending">
        {past.ending.slice(0, LISTED).map((item) => (
          <li key={item.id}>
            <span>{postOf(words, item)}</span>
            <small>
              {item.ends && words.time(item.ends)} ·{' '}
              {words.say(item.followed ? 'staff.history.followed' : 'staff.history.open')}
            </small>
          </li>
        ))}
      </ul>
    </>
  )
}

function Orphans({ orphans }: { orphans: readonly Orphan[] }) {
  const { together, speech } = useApp()
  const words = speech.value
  if (orphans.length === 0) return <p class="quiet">{words.say('staff.history.orphans.none')}</p>
  return (
    <ul class="rows" data-list="orphans">
      {orphans.map((orphan) => (
        <li key={orphan.id} class="orphan">
          <span>
            {words.name(orphan)} · {words.term('role', orphan.role)} · {orphan.staff_name}
          </span>
          <small>{words.say('staff.history.orphan', { day: words.day(orphan.ended) })}</small>
          {(orphan.heirs ?? []).map((heir) => (
            <button
              key={heir.id}
              type="button"
              class="button"
              data-do="follow"
              disabled={together.isBusy.value}
              onClick={() => void together.follow(orphan, heir.id, words.name(heir))}
            >
              {words.say('staff.history.heir', {
                name: words.name(heir),
                share: Math.round(heir.share * 100),
              })}
            </button>
          ))}
        </li>
      ))}
    </ul>
  )
}

function Changes({ past: { changes } }: { past: Past }) {
  const { speech } = useApp()
  const words = speech.value
  return (
    <>
      <h3>{words.say('staff.history.changes')}</h3>
      {changes.length === 0 && <p class="quiet">{words.say('staff.history.changes.none')}</p>}
      <ul class="rows" data-list="past-changes">
        {changes.slice(0, LISTED).map((item) => (
          <li key={`${item.id}/${item.what}`} data-what={item.what}>
            <span>{postOf(words, item)}</span>
            <small>
              {words.say(`staff.history.${item.what}`)} · {words.time(item.when)}
            </small>
          </li>
        ))}
      </ul>
      {changes.length > LISTED && (
        <p class="quiet">{words.say('common.truncated', { shown: LISTED, matched: changes.length })}</p>
      )}
    </>
  )
}

function postOf(words: Speech, item: Held): string {
  const where = words.name({ name: item.target_name ?? item.target_code ?? '', name_en: item.target_name_en })
  return `${where} · ${words.term('role', item.role)} · ${item.staff_name}`
}
