import { afterEach, beforeEach, expect, it, vi } from 'vitest'

import { createSearch } from '../src/state/found'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

function desk() {
  const asked: { text: string; signal: AbortSignal; answer: (found: string[]) => void }[] = []
  const look = (text: string, signal: AbortSignal) =>
    new Promise<string[]>((answer) => asked.push({ text, signal, answer }))
  return { asked, search: createSearch(look, 180) }
}

it('asks once, after a pause in typing', () => {
  const { asked, search } = desk()
  for (const text of ['竹', '竹园', ' 竹园路 ']) {
    search.ask(text)
    vi.advanceTimersByTime(100)
  }
  expect(asked).toHaveLength(0)
  vi.advanceTimersByTime(100)
  expect(asked.map(({ text }) => text)).toEqual(['竹园路'])
})

it('aborts a question that was overtaken and never shows its answer', async () => {
  const { asked, search } = desk()
  search.ask('一')
  vi.advanceTimersByTime(200)
  search.ask('二')
  expect(asked[0]!.signal.aborted).toBe(true)
  vi.advanceTimersByTime(200)
  asked[1]!.answer(['two'])
  asked[0]!.answer(['one'])
  await vi.runAllTimersAsync()
  expect(search.found.value).toEqual(['two'])
  expect(search.outcome.value).toBe('found')
})

it('forgets what it found when the field is emptied', async () => {
  const { asked, search } = desk()
  search.ask('一')
  vi.advanceTimersByTime(200)
  asked[0]!.answer(['one'])
  await vi.runAllTimersAsync()
  search.ask('  ')
  expect(search.found.value).toEqual([])
  expect(search.outcome.value).toBe('idle')
})
