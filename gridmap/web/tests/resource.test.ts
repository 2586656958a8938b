import { signal } from '@preact/signals'
import { expect, it } from 'vitest'

import { resource, valueOf } from '../src/state/resource'

interface Asked {
  question: string
  signal: AbortSignal
  answer(value: string): void
  refuse(error: Error): void
}

function desk() {
  const asked: Asked[] = []
  const read = (question: string, signal: AbortSignal) =>
    new Promise<string>((answer, refuse) => asked.push({ question, signal, answer, refuse }))
  return { asked, read }
}

const settled = () => new Promise((resolve) => setTimeout(resolve))

it('never shows the slow answer to a question that was overtaken', async () => {
  const question = signal<string | null>('first')
  const { asked, read } = desk()
  const made = resource(() => question.value, read)
  question.value = 'second'
  expect(asked[0]!.signal.aborted).toBe(true)
  asked[1]!.answer('two')
  asked[0]!.answer('one')
  await settled()
  expect(valueOf(made.loaded.value)).toBe('two')
})

it('does not ask again while the question is the same', () => {
  const question = signal({ place: 'nanjie' })
  const { asked, read } = desk()
  resource(() => question.value.place, read)
  question.value = { place: 'nanjie' }
  expect(asked).toHaveLength(1)
})

it('says what failed, and asks again on request', async () => {
  const { asked, read } = desk()
  const made = resource(() => 'question', read)
  expect(made.loaded.value.state).toBe('loading')
  asked[0]!.refuse(new Error('down'))
  await settled()
  expect(made.loaded.value.state).toBe('failed')
  made.retry()
  asked[1]!.answer('up')
  await settled()
  expect(valueOf(made.loaded.value)).toBe('up')
})
