/** Words, numbers and times in the language of the view. */

import type { Named } from '../api/nouns'
import type { Language } from '../state/view'

import { en } from './en'
import { term, type Vocabulary } from './terms'
import { zh, type Key } from './zh'

const WORDS: Readonly<Record<Language, Readonly<Record<Key, string>>>> = { zh, en }
const LOCALES: Readonly<Record<Language, string>> = { zh: 'zh-CN', en: 'en-GB' }
const REMEMBERED = 'gridmap.language'

export interface Quantity {
  readonly number: string
  readonly unit: string
}

/** Everything that a panel needs to speak one language. */
export class Speech {
  readonly locale: string

  constructor(readonly language: Language) {
    this.locale = LOCALES[language]
  }

  /** A sentence of the page, with its `{values}` put in. */
  say(key: Key, values: Readonly<Record<string, string | number>> = {}): string {
    return WORDS[this.language][key].replace(/\{(\w+)\}/g, (_, name: string) => {
      const value = values[name] ?? ''
      return typeof value === 'number' ? this.number(value) : value
    })
  }

  /** A value of the data. */
  term(vocabulary: Vocabulary, value: unknown): string {
    return typeof value === 'string' ? term(vocabulary, value, this.language) : ''
  }

  /** The name of a thing: English where it has one and English is spoken. */
  name(thing: Partial<Named>): string {
    return (this.language === 'en' && thing.name_en) || thing.name || this.say('detail.unnamed')
  }

  /** The name of a thing, as a heading or label begins. */
  label(thing: Partial<Named>): string {
    const name = this.name(thing)
    return name.charAt(0).toUpperCase() + name.slice(1)
  }

  /** Several names, one after the other. */
  list(names: readonly string[]): string {
    return names.join(this.language === 'zh' ? '、' : ', ')
  }

  number(value: number, digits = 0): string {
    return new Intl.NumberFormat(this.locale, {
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
    }).format(value)
  }

  /** Square metres, in the unit that people would say. */
  area(m2: number): Quantity {
    if (m2 >= 1_000_000) return { number: this.number(m2 / 1_000_000, 2), unit: this.say('unit.km2') }
    if (m2 >= 10_000) return { number: this.number(m2 / 10_000, 1), unit: this.say('unit.ha') }
    return { number: this.number(m2), unit: this.say('unit.m2') }
  }

  distance(metres: number): string {
    return metres < 1000
      ? `${this.number(Math.round(metres))} ${this.say('unit.metres')}`
      : `${this.number(metres / 1000, 1)} ${this.say('unit.kilometres')}`
  }

  /** A moment, in the time of the places. */
  time(text: string): string {
    return new Intl.DateTimeFormat(this.locale, {
      dateStyle: 'medium',
      timeStyle: 'short',
      timeZone: 'Asia/Shanghai',
    }).format(new Date(text))
  }

  /** A day, as `2026-12-07`; with its weekday where that matters. */
  day(text: string, withWeekday = false): string {
    return new Intl.DateTimeFormat(this.locale, {
      year: 'numeric',
      month: this.language === 'zh' ? 'long' : 'short',
      day: 'numeric',
      ...(withWeekday ? { weekday: 'short' as const } : {}),
      timeZone: 'UTC',
    }).format(new Date(`${text}T00:00:00Z`))
  }

  /** A day of the week; 1 is Monday. */
  weekday(number: number): string {
    const monday = Date.UTC(2024, 0, 1)
    return new Intl.DateTimeFormat(this.locale, { weekday: 'short', timeZone: 'UTC' }).format(
      new Date(monday + (number - 1) * 86_400_000),
    )
  }

  month(text: string): string {
    return new Intl.DateTimeFormat(this.locale, {
      year: 'numeric',
      month: this.language === 'zh' ? 'long' : 'short',
      timeZone: 'UTC',
    }).format(new Date(`${text}-15T00:00:00Z`))
  }
}

/** What somebody chose before, or else what the browser asks for. */
export function firstLanguage(storage: Storage | null, asked: readonly string[]): Language {
  const chosen = storage?.getItem(REMEMBERED)
  if (chosen === 'zh' || chosen === 'en') return chosen
  const first = asked.find((tag) => /^(zh|en)\b/i.test(tag)) ?? asked[0] ?? 'zh'
  return /^zh/i.test(first) ? 'zh' : 'en'
}

export function rememberLanguage(storage: Storage | null, language: Language): void {
  storage?.setItem(REMEMBERED, language)
}
