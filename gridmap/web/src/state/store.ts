/** The one state of the page: a readonly view that only `change` replaces, kept in the address. */

import { signal, type ReadonlySignal } from '@preact/signals'

import { format, parse, same } from './url'
import type { Language, View } from './view'

/** The part of the browser that remembers where somebody was. */
export interface Address {
  read(): string
  write(hash: string, how: 'push' | 'replace'): void
  listen(changed: () => void): void
}

export interface Store {
  readonly view: ReadonlySignal<View>
  /**
   * Change some members. A step that "back" should undo (another room, place, selection, network
   * or level) is pushed; a moved camera or a switch only replaces the address.
   */
  change(members: Partial<View>): void
  /** Change what follows from something else, without a step of its own. */
  settle(members: Partial<View>): void
}

const STEPS = ['room', 'place', 'network', 'level', 'plan', 'day'] as const

export function createStore(address: Address, language: Language): Store {
  const view = signal<View>(parse(address.read(), language))
  address.write(format(view.value), 'replace')
  address.listen(() => {
    const read = parse(address.read(), view.value.language)
    if (!same(read, view.value)) view.value = read
  })
  const put = (next: View, how: (before: View) => 'push' | 'replace') => {
    const before = view.peek()
    // A plan is of one place.
    const after = next.place !== before.place && next.plan === before.plan ? { ...next, plan: null } : next
    if (same(before, after)) return
    // The address first: whoever answers to the new view may change it again at once.
    address.write(format(after), how(before))
    view.value = after
  }
  return {
    view,
    change(members) {
      const after: View = { ...view.peek(), ...members }
      put(after, (before) => (isStep(before, after) ? 'push' : 'replace'))
    },
    settle(members) {
      put({ ...view.peek(), ...members }, () => 'replace')
    },
  }
}

function isStep(before: View, after: View): boolean {
  return (
    STEPS.some((name) => before[name] !== after[name]) ||
    before.selection?.id !== after.selection?.id ||
    before.selection?.layer !== after.selection?.layer
  )
}

/** The address bar. */
export function addressOf(window: Window): Address {
  return {
    read: () => window.location.hash,
    write(hash, how) {
      if (how === 'push') window.history.pushState(null, '', hash)
      else window.history.replaceState(null, '', hash)
    },
    listen(changed) {
      window.addEventListener('popstate', changed)
      window.addEventListener('hashchange', changed)
    },
  }
}
