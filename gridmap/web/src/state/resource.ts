/** Something that is read from the service when its question changes. */

import { effect, signal, untracked, type ReadonlySignal } from '@preact/signals'

export type Loaded<T> =
  | { readonly state: 'nothing' }
  | { readonly state: 'loading' }
  | { readonly state: 'ready'; readonly value: T }
  | { readonly state: 'failed'; readonly error: unknown }

export interface Resource<T> {
  readonly loaded: ReadonlySignal<Loaded<T>>
  /** Ask again. */
  retry(): void
}

/**
 * Read what `question` asks for. A new question aborts the old request, so a slow answer never
 * replaces a newer one; a question of `null` asks nothing.
 *
 * `question` is read inside an effect: it is asked again when a signal in it changes, but only a
 * question whose text is another one is sent.
 */
export function resource<Q, T>(
  question: () => Q | null,
  answer: (question: Q, signal: AbortSignal) => Promise<T>,
): Resource<T> {
  const loaded = signal<Loaded<T>>({ state: 'nothing' })
  let asked: string | null = null
  let last: Q | null = null
  let running: AbortController | null = null

  const ask = (next: Q | null): void => {
    running?.abort()
    running = null
    last = next
    if (next === null) {
      loaded.value = { state: 'nothing' }
      return
    }
    const own = new AbortController()
    running = own
    loaded.value = { state: 'loading' }
    answer(next, own.signal).then(
      (value) => {
        if (!own.signal.aborted) loaded.value = { state: 'ready', value }
      },
      (error: unknown) => {
        if (!own.signal.aborted) loaded.value = { state: 'failed', error }
      },
    )
  }

  effect(() => {
    const next = question()
    const text = JSON.stringify(next)
    if (text === asked) return
    asked = text
    untracked(() => ask(next))
  })

  return {
    loaded,
    retry: () => {
      if (last !== null) ask(last)
    },
  }
}

/** The value, or nothing while there is none. */
export function valueOf<T>(loaded: Loaded<T>): T | null {
  return loaded.state === 'ready' ? loaded.value : null
}
