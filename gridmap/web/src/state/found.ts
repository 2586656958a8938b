/** What a search has found: asked after a pause in typing, and never overtaken by an older answer. */

import { signal, type ReadonlySignal } from '@preact/signals'

export type Outcome = 'idle' | 'searching' | 'found' | 'failed'

export interface Search<T> {
  readonly found: ReadonlySignal<readonly T[]>
  readonly outcome: ReadonlySignal<Outcome>
  /** Look for a text; a blank one forgets everything. */
  ask(text: string): void
  stop(): void
}

export function createSearch<T>(
  look: (text: string, signal: AbortSignal) => Promise<readonly T[]>,
  pauseMs: number,
): Search<T> {
  const found = signal<readonly T[]>([])
  const outcome = signal<Outcome>('idle')
  let timer: ReturnType<typeof setTimeout> | undefined
  let running: AbortController | null = null

  const stop = () => {
    clearTimeout(timer)
    running?.abort()
    running = null
  }
  const send = (text: string) => {
    const own = new AbortController()
    running = own
    look(text, own.signal).then(
      (results) => {
        if (own.signal.aborted) return
        found.value = results
        outcome.value = 'found'
      },
      () => {
        if (own.signal.aborted) return
        found.value = []
        outcome.value = 'failed'
      },
    )
  }
  return {
    found,
    outcome,
    stop,
    ask(text) {
      stop()
      const wanted = text.trim()
      if (!wanted) {
        found.value = []
        outcome.value = 'idle'
        return
      }
      outcome.value = 'searching'
      timer = setTimeout(() => send(wanted), pauseMs)
    },
  }
}
