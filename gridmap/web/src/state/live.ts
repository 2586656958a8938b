/** Figures while a boundary is being pulled: what would be if it were let go of here. */

import { signal, type ReadonlySignal } from '@preact/signals'

import { sendEdit, type Outcome } from '../api/plans'

import type { Plans } from './desk'
import { editOf, type Tool } from './tool'

export interface Live {
  /** What the service answered last; nothing while it is asked for the first time, or refuses. */
  readonly outcome: ReadonlySignal<Outcome | null>
  /** Where it is held now; nothing when it is let go of. */
  hold(tool: Tool | null): void
}

/** A hand that rests as long as this wants to know. */
const REST_MS = 200

export function createLive(plans: Plans): Live {
  const outcome = signal<Outcome | null>(null)
  let held: Tool | null = null
  let asked: Tool | null = null
  let timer: ReturnType<typeof setTimeout> | undefined

  /** One question at a time: the next is about where the hand is then. */
  const ask = async (): Promise<void> => {
    const now = plans.open.peek()
    const edit = held && editOf(held)
    if (asked || !now || !edit) return
    asked = held
    try {
      const answer = await sendEdit(now.plan.id, edit, now.plan.revision, true, plans.actor.peek())
      if (held) outcome.value = answer
    } catch {
      // Why it cannot be is told when it is let go of there.
      outcome.value = null
    } finally {
      const isSame = asked === held
      asked = null
      if (held && !isSame) wait()
    }
  }
  const wait = (): void => {
    clearTimeout(timer)
    timer = setTimeout(() => void ask(), REST_MS)
  }

  return {
    outcome,
    hold(tool) {
      held = tool
      clearTimeout(timer)
      if (tool) wait()
      else outcome.value = null
    },
  }
}
