/** Looking around: a press selects, a press on a place opens it, hovering highlights. */

import type { Handle } from '../map/input'
import type { Selection } from '../state/view'

import type { Mode } from './mode'

export interface BrowseActions {
  select(selection: Selection | null): void
  openPlace(key: string): void
  approach(at: readonly [number, number], closer: number): void
  highlight(handle: Handle | null): void
}

export function browse(actions: BrowseActions): Mode {
  return {
    name: 'browse',
    input(input) {
      if (input.kind === 'leave') actions.highlight(null)
      else if (input.kind === 'hover') actions.highlight(input.hit?.handle ?? null)
      else if (input.kind !== 'press') return false
      else if (!input.hit) actions.select(null)
      else if (input.hit.kind === 'place') actions.openPlace(input.hit.key)
      else if (input.hit.kind === 'cluster') actions.approach(input.at, 2)
      else actions.select({ layer: input.hit.layer, id: input.hit.id })
      return false
    },
    leave() {
      actions.highlight(null)
    },
  }
}
