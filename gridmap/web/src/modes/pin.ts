/** A comment is about to be pinned: the next press on the map is its place. */

import type { Spot } from '../api/plans'

import type { Mode } from './mode'

export function pin(put: (at: Spot) => void): Mode {
  return {
    name: 'pin',
    input(input) {
      if (input.kind === 'press') put(input.at)
      return false
    },
    leave() {},
  }
}
