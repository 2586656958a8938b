/** What the method can be told besides, folded; only what means something to it is shown. */

import type { HotspotAnswer, Settled } from '../../api/hotspots'
import type { Network } from '../../api/nouns'
import type { Speech } from '../../i18n/language'
import { TERMS, type Vocabulary } from '../../i18n/terms'
import {
  FINER,
  baselineOf,
  finerOf,
  isScan,
  plainOf,
  tell,
  toldTo,
  usualOf,
  type FinerName,
} from '../../state/finer'
import type { Question } from '../../state/question'
import { useApp } from '../app'

import { Amount, Pick, type Named } from './Pick'

const ALL = '*'
const SETTLED: Readonly<Partial<Record<FinerName, keyof Settled>>> = {
  bandwidth: 'bandwidth_m',
  radius: 'radius_m',
  least: 'least_points',
}

interface Part {
  readonly question: Question
  change(members: Partial<Question>): void
}

export function AskMore({ question, change }: Part) {
  const { speech, hotspots } = useApp()
  const words = speech.value
  const names = finerOf(question)
  if (names.length === 0) return null
  const told = toldTo(question)
  const { since, until } = question.finer
  const hasDays = names.includes('since')
  const isOpenEnded = Boolean(since ?? until) && !baselineOf(question.finer)
  const shown = hotspots.shown.value
  const answer = shown?.method === question.method ? shown : null
  return (
    <details class="ask-part" data-part="more">
      <summary>
        {words.say('hotspots.finer')}
        {told.length > 0 && ` · ${words.list(told.map((name) => saidOf(words, name, question)))}`}
      </summary>
      <div class="ask-ticks">
        {names.map((name) => (
          <One
            key={`${question.method} ${name}`}
            name={name}
            question={question}
            answer={answer}
            choose={(value) => change({ finer: tell(question.finer, name, value) })}
          />
        ))}
      </div>
      {hasDays ? (
        <p class={isOpenEnded ? 'off' : 'quiet'} role="status">
          {words.say(isOpenEnded ? 'hotspots.finer.baseline.wrong' : 'hotspots.finer.baseline')}
        </p>
      ) : (
        <p class="quiet">{words.say('hotspots.finer.text')}</p>
      )}
      {told.length > 0 && (
        <button
          type="button"
          class="button"
          data-do="plain"
          onClick={() => change({ finer: {} })}
        >
          {words.say('hotspots.finer.clear')}
        </button>
      )}
    </details>
  )
}

function One({
  name,
  question,
  answer,
  choose,
}: {
  name: FinerName
  question: Question
  answer: HotspotAnswer | null
  choose: (value: string | number | null) => void
}) {
  const { data, speech } = useApp()
  const words = speech.value
  const option = FINER[name]
  const told = question.finer[name]
  const label = labelOf(words, name, question)
  if (option.kind === 'day') {
    return (
      <label class="field">
        <span>{label}</span>
        <input
          type="date"
          name={name}
          value={told ?? ''}
          onInput={(event) => choose(event.currentTarget.value || null)}
        />
      </label>
    )
  }
  if (option.kind === 'amount') {
    const key = SETTLED[name]
    const known = key && answer?.settled?.[key]
    const usual = usualOf(name, question.method)
    const untold =
      usual !== null
        ? String(usual)
        : known !== undefined
          ? words.say('hotspots.finer.settled', { value: words.number(known) })
          : words.say(name === 'radius' && isScan(question.method) ? 'hotspots.finer.none' : 'hotspots.finer.auto')
    return (
      <Amount
        name={name}
        label={label}
        least={option.least}
        most={option.most}
        step={option.step}
        placeholder={untold}
        chosen={typeof told === 'number' ? told : null}
        choose={choose}
      />
    )
  }
  const plain = plainOf(name) ?? ALL
  return (
    <Pick
      name={name}
      label={label}
      options={optionsOf(words, name, question, data.place.value?.networks ?? [])}
      chosen={String(told ?? plain)}
      choose={(value) => choose(value === ALL ? null : value)}
    />
  )
}

function labelOf(words: Speech, name: FinerName, question: Question): string {
  if (name === 'radius' && isScan(question.method)) return words.say('hotspots.finer.radius.most')
  return words.say(`hotspots.finer.${name}`)
}

/** What the closed section says of what is told. */
function saidOf(words: Speech, name: FinerName, question: Question): string {
  const value = question.finer[name]
  const vocabulary: Vocabulary | null = name in TERMS ? (name as Vocabulary) : null
  if (vocabulary && value !== 'given') return words.term(vocabulary, value)
  if (name === 'control') return words.term('incident', value)
  return value === 'given' || typeof value !== 'number'
    ? labelOf(words, name, question)
    : `${labelOf(words, name, question)} ${value}`
}

function optionsOf(
  words: Speech,
  name: FinerName,
  question: Question,
  networks: readonly Network[],
): readonly Named<string>[] {
  if (name === 'network') {
    const all = { value: ALL, label: words.say('hotspots.finer.network.plain') }
    return [all, ...networks.map((network) => ({ value: network.key, label: words.label(network) }))]
  }
  if (name === 'control') {
    const all = { value: ALL, label: words.say('hotspots.finer.control.plain') }
    const others = Object.keys(TERMS.incident).filter((value) => !question.categories.includes(value))
    return [all, ...others.map((value) => ({ value, label: words.term('incident', value) }))]
  }
  const { values } = FINER[name] as { readonly values: readonly string[] }
  return values.map((value) => ({ value, label: words.term(name as Vocabulary, value) }))
}
