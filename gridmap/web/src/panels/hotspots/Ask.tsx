/** The question: when, which incidents, how severe. */

import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'

import { SPANS, windowOf, type Question } from '../../state/hotspots'
import { TERMS } from '../../i18n/terms'
import { useApp } from '../app'
import { Choice } from '../parts/Choice'
import { Field } from '../plans/Field'

const SEVERITIES = [1, 2, 3, 4] as const
const DATES = 0

export function Ask() {
  const { hotspots, speech } = useApp()
  const words = speech.value
  const last = hotspots.lastDay.value ?? ''
  const asked = hotspots.question.value
  const days = useSignal(asked ? (asked.days ?? DATES) : 365)
  const first = windowOf({ days: 30, from: '', to: '', category: null, severity: 1 }, last).from
  const from = useSignal(asked?.from || first.slice(0, 10))
  const to = useSignal(asked?.to || last)
  const category = useSignal(asked?.category ?? '')
  const severity = useSignal(asked?.severity ?? 1)
  // Another link, or "back", may have brought another question.
  useEffect(() => {
    if (!asked) return
    days.value = asked.days ?? DATES
    category.value = asked.category ?? ''
    severity.value = asked.severity
    if (asked.days === null) {
      from.value = asked.from
      to.value = asked.to
    }
  }, [asked])
  const isDates = days.value === DATES
  const question: Question = {
    days: isDates ? null : days.value,
    from: isDates ? from.value : '',
    to: isDates ? to.value : '',
    category: category.value || null,
    severity: severity.value,
  }
  const isWrong = isDates && (!from.value || !to.value || to.value < from.value)
  const window = isWrong ? null : windowOf(question, last)
  return (
    <form
      class="ask"
      aria-label={words.say('hotspots.question')}
      onSubmit={(event) => {
        event.preventDefault()
        if (!isWrong) hotspots.ask(question)
      }}
    >
      <Choice
        label={words.say('hotspots.span')}
        options={[
          ...SPANS.map((span) => ({ value: span as number, label: words.say('hotspots.span.days', { days: span }) })),
          { value: DATES, label: words.say('hotspots.span.dates') },
        ]}
        chosen={days.value}
        choose={(value) => {
          days.value = value
        }}
      />
      {isDates && (
        <div class="ask-dates">
          <Field label={words.say('hotspots.from')} name="from" type="date" value={from} required />
          <Field label={words.say('hotspots.to')} name="to" type="date" value={to} required />
        </div>
      )}
      <div class="filters ask-filters">
        <select
          name="category"
          aria-label={words.say('incidents.category')}
          value={category.value}
          onChange={(event) => {
            category.value = event.currentTarget.value
          }}
        >
          <option value="">{words.say('incidents.category.all')}</option>
          {Object.keys(TERMS.incident).map((value) => (
            <option key={value} value={value}>
              {words.term('incident', value)}
            </option>
          ))}
        </select>
        <select
          name="severity"
          aria-label={words.say('hotspots.severity')}
          value={severity.value}
          onChange={(event) => {
            severity.value = Number(event.currentTarget.value)
          }}
        >
          {SEVERITIES.map((value) => (
            <option key={value} value={value}>
              {words.say(`hotspots.severity.${value}`)}
            </option>
          ))}
        </select>
      </div>
      <p class={isWrong ? 'off' : 'quiet'} role="status">
        {window
          ? words.say('hotspots.window', {
              from: window.from.slice(0, 10),
              to: isDates ? to.value : last,
              last,
            })
          : words.say('hotspots.window.wrong')}
      </p>
      <button type="submit" class="button primary" data-do="find" disabled={isWrong}>
        {words.say('hotspots.find')}
      </button>
    </form>
  )
}
