/** The changes of a proposal: some or all are taken, and those that belong together go together. */

import type { Change } from '../../api/staffing'
import type { Speech } from '../../i18n/language'
import { withNeeded, without } from '../../state/chains'
import { useApp } from '../app'

import { areaOf, postInWords } from './words'

export function Changes({ changes }: { changes: readonly Change[] }) {
  const { staffing, speech } = useApp()
  const words = speech.value
  const taken = staffing.taken.value
  const put = (numbers: ReadonlySet<number>) => {
    staffing.taken.value = numbers
  }
  const point = (number: number | null) => {
    staffing.pointed.value = number
  }
  return (
    <>
      <p class="quiet">{words.say('staff.proposal.key')}</p>
      <label class="check">
        <input
          type="checkbox"
          data-do="all"
          checked={taken.size === changes.length}
          onChange={(event) => put(new Set(event.currentTarget.checked ? changes.keys() : []))}
        />
        <span>{words.say('staff.proposal.all')}</span>
      </label>
      <ul class="rows" data-list="changes">
        {changes.map((change, i) => (
          <li
            key={i}
            data-needs={change.needs.join(' ')}
            onMouseEnter={() => point(i)}
            onMouseLeave={() => point(null)}
            onFocusIn={() => point(i)}
            onFocusOut={() => point(null)}
          >
            <label class="check">
              <input
                type="checkbox"
                checked={taken.has(i)}
                onChange={() =>
                  put(taken.has(i) ? without(changes, taken, i) : withNeeded(changes, [...taken, i]))
                }
              />
              <span>
                {postInWords(words, change)}
                <small>{changeInWords(words, change)}</small>
                {change.needs.length > 0 && (
                  <small>{words.say('staff.proposal.together', { others: others(words, changes, change) })}</small>
                )}
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

function others(words: Speech, changes: readonly Change[], { needs }: Change): string {
  return needs
    .flatMap((number) => (changes[number] ? [areaOf(words, changes[number])] : []))
    .join(words.language === 'zh' ? '、' : ', ')
}

function changeInWords(words: Speech, change: Change): string {
  const before =
    change.from === null
      ? ''
      : (change.from_name ?? words.say('staff.proposal.person', { id: String(change.from) }))
  const to = change.to_name ?? ''
  if (change.to === null) return words.say('staff.proposal.leave', { from: before })
  const said =
    change.from === null
      ? words.say('staff.proposal.fill', { to })
      : words.say('staff.proposal.swap', { from: before, to })
  return `${said} · ${words.say('staff.walk', { distance: words.distance(change.walk_m) })}`
}
