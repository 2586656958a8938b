/** The question: when, which incidents, how severe; and, folded, by which method. */

import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'

import { baselineOf } from '../../state/finer'
import { PLAIN, SPANS, lastDayOf, windowOf, type Question } from '../../state/question'
import { useApp } from '../app'
import { Choice } from '../parts/Choice'
import { Field } from '../plans/Field'

import { AskHow } from './AskHow'
import { AskMore } from './AskMore'
import { AskWhich } from './AskWhich'

const DATES = 0

export function Ask() {
  const { hotspots, speech } = useApp()
  const words = speech.value
  const last = hotspots.lastDay.value ?? ''
  const asked = hotspots.question.value
  const draft = useSignal<Question>(asked ?? PLAIN)
  const first = windowOf({ days: 30, from: '', to: '' }, last).from
  const from = useSignal(asked?.from || first.slice(0, 10))
  const to = useSignal(asked?.to || last)
  // Another link, or "back", may have brought another question.
  useEffect(() => {
    if (!asked) return
    draft.value = asked
    if (asked.days === null) {
      from.value = asked.from
      to.value = asked.to
    }
  }, [asked])
  const change = (members: Partial<Question>) => {
    draft.value = { ...draft.value, back: 0, ...members }
  }
  const isDates = draft.value.days === null
  const question: Question = {
    ...draft.value,
    from: isDates ? from.value : '',
    to: isDates ? to.value : '',
  }
  const { since, until } = draft.value.finer
  const isHalf = draft.value.method === 'change' && Boolean(since ?? until) && !baselineOf(draft.value.finer)
  const isWrong = isDates && (!from.value || !to.value || to.value < from.value)
  const window = isWrong ? null : windowOf(question, last)
  return (
    <form
      class="ask"
      aria-label={words.say('hotspots.question')}
      onSubmit={(event) => {
        event.preventDefault()
        if (!isWrong && !isHalf) hotspots.ask(question)
      }}
    >
      <Choice
        label={words.say('hotspots.span')}
        options={[
          ...SPANS.map((span) => ({
            value: span as number,
            label: words.say('hotspots.span.short', { days: span }),
          })),
          { value: DATES, label: words.say('hotspots.span.dates') },
        ]}
        chosen={draft.value.days ?? DATES}
        choose={(value) => change({ days: value === DATES ? null : value })}
      />
      {isDates && (
        <div class="ask-dates">
          <Field label={words.say('hotspots.from')} name="from" type="date" value={from} required />
          <Field label={words.say('hotspots.to')} name="to" type="date" value={to} required />
        </div>
      )}
      <AskWhich question={question} change={change} />
      <AskHow question={question} change={change} />
      <AskMore question={question} change={change} />
      <p class={isWrong ? 'off' : 'quiet'} role="status">
        {window
          ? words.say('hotspots.window', {
              from: window.from.slice(0, 10),
              to: lastDayOf(window),
              last,
            })
          : words.say('hotspots.window.wrong')}
      </p>
      <button type="submit" class="button primary" data-do="find" disabled={isWrong || isHalf}>
        {words.say('hotspots.find')}
      </button>
    </form>
  )
}
