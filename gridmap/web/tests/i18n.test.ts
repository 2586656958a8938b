import { describe, expect, it } from 'vitest'

import { en } from '../src/i18n/en'
import { hoursInWords } from '../src/i18n/hours'
import { Speech, firstLanguage } from '../src/i18n/language'
import { TERMS } from '../src/i18n/terms'
import { zh, type Key } from '../src/i18n/zh'

const keys = Object.keys(zh) as Key[]
const placeholders = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(String).sort()

describe('the words', () => {
  it.each(keys)('are there in both languages with the same values: %s', (key) => {
    expect(en[key]).toBeDefined()
    expect(placeholders(en[key])).toEqual(placeholders(zh[key]))
    expect(zh[key]).not.toBe('')
  })

  it('are Chinese in Chinese and contain none of it in English', () => {
    for (const key of keys) {
      if (key.startsWith('app.language')) continue
      expect(en[key], key).not.toMatch(/\p{Script=Han}/u)
      const bare = zh[key].replace(/\{\w+\}/g, '')
      if (/\p{L}/u.test(bare)) expect(bare, key).toMatch(/\p{Script=Han}/u)
    }
  })

  it('name every value of the data in both languages', () => {
    for (const [vocabulary, words] of Object.entries(TERMS)) {
      for (const [value, [chinese, english]] of Object.entries(words)) {
        expect(chinese, `${vocabulary} ${value}`).toMatch(/\p{Script=Han}/u)
        expect(english, `${vocabulary} ${value}`).toMatch(/^[ -~]+$/)
      }
    }
  })
})

describe('speech', () => {
  it('puts thousands separators into numbers of sentences', () => {
    expect(new Speech('zh').say('place.overview', { count: 12345 })).toContain('12,345')
  })

  it('says areas in the unit that people would use', () => {
    const { area } = { area: (m2: number) => new Speech('zh').area(m2) }
    expect(area(987.4)).toEqual({ number: '987', unit: '平方米' })
    expect(area(45_678)).toEqual({ number: '4.6', unit: '公顷' })
    expect(area(19_320_000)).toEqual({ number: '19.32', unit: '平方公里' })
  })

  it('tells times in the time of the places, wherever the reader is', () => {
    expect(new Speech('zh').time('2026-10-31T23:30:00Z')).toContain('11月1日 07:30')
  })

  it('falls back to the Chinese name where there is no English one', () => {
    expect(new Speech('en').name({ name: '第三网格', name_en: null })).toBe('第三网格')
    expect(new Speech('en').name({ name: '第三网格', name_en: 'Grid 3' })).toBe('Grid 3')
    expect(new Speech('zh').name({})).toBe('未命名')
  })
})

it('begins in the language that was chosen before, or else the browser’s', () => {
  const storage = (value: string | null) => ({ getItem: () => value }) as unknown as Storage
  expect(firstLanguage(storage('en'), ['zh-CN'])).toBe('en')
  expect(firstLanguage(storage(null), ['zh-TW', 'en'])).toBe('zh')
  expect(firstLanguage(null, ['fr', 'en-US'])).toBe('en')
  expect(firstLanguage(null, ['fr'])).toBe('en')
  expect(firstLanguage(null, [])).toBe('zh')
})

it.each([
  ['24/7', '全天开放', 'Always open'],
  ['Mo-Fr 08:30-12:00,14:30-18:00', '周一至周五 08:30–12:00、14:30–18:00', 'Mon–Fri 08:30–12:00, 14:30–18:00'],
  ['Mo-Su 08:00-20:00', '每天 08:00–20:00', 'Daily 08:00–20:00'],
  ['Sa,Su 09:00-17:00; PH off', '周六、周日 09:00–17:00', 'Sat, Sun 09:00–17:00'],
  ['by appointment', 'by appointment', 'by appointment'],
])('says the opening hours %s', (written, chinese, english) => {
  expect(hoursInWords(written, 'zh')).toContain(chinese)
  expect(hoursInWords(written, 'en')).toContain(english)
})
