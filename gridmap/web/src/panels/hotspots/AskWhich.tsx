/** Which incidents: categories, how severe, and by which channel they came. */

import { TERMS } from '../../i18n/terms'
import type { Question } from '../../state/question'
import { useApp } from '../app'

const SEVERITIES = [1, 2, 3, 4] as const

interface Part {
  readonly question: Question
  change(members: Partial<Question>): void
}

export function AskWhich({ question, change }: Part) {
  const { speech } = useApp()
  const words = speech.value
  const { categories } = question
  const names = categories.map((value) => words.term('incident', value))
  return (
    <>
      <details class="ask-part" data-part="categories">
        <summary>
          {categories.length === 0
            ? words.say('hotspots.categories.all')
            : categories.length === 1
              ? names[0]
              : words.say('hotspots.categories.some', { count: names.length, names: words.list(names) })}
        </summary>
        <div class="ask-ticks" role="group" aria-label={words.say('hotspots.categories')}>
          {Object.keys(TERMS.incident).map((value) => (
            <label key={value} class="check">
              <input
                type="checkbox"
                name="category"
                value={value}
                checked={categories.includes(value)}
                onChange={(event) => {
                  const others = categories.filter((item) => item !== value)
                  change({ categories: event.currentTarget.checked ? [...others, value].sort() : others })
                }}
              />
              {words.term('incident', value)}
            </label>
          ))}
        </div>
      </details>
      <div class="filters ask-filters">
        <select
          name="severity"
          aria-label={words.say('hotspots.severity')}
          value={question.severity}
          onChange={(event) => change({ severity: Number(event.currentTarget.value) })}
        >
          {SEVERITIES.map((value) => (
            <option key={value} value={value}>
              {words.say(`hotspots.severity.${value}`)}
            </option>
          ))}
        </select>
        <select
          name="channel"
          aria-label={words.say('hotspots.channel')}
          value={question.channel ?? ''}
          onChange={(event) => change({ channel: event.currentTarget.value || null })}
        >
          <option value="">{words.say('hotspots.channel.all')}</option>
          {Object.keys(TERMS.channel).map((value) => (
            <option key={value} value={value}>
              {words.term('channel', value)}
            </option>
          ))}
        </select>
      </div>
    </>
  )
}
