/** A thing that was found by search or link may be of another place, network or level. */

import { effect, untracked } from '@preact/signals'

import type { Data } from './state/data'
import { valueOf } from './state/resource'
import type { Store } from './state/store'

export function followSelection(store: Store, data: Data): void {
  effect(() => {
    const detail = valueOf(data.detail.loaded.value)
    if (!detail) return
    untracked(() => {
      const { place, network, level } = detail.item.properties
      if (typeof place === 'string' && place !== store.view.value.place) store.settle({ place })
      if (detail.selection.layer !== 'grids') return
      const cut = data.cut.value
      if (typeof network === 'string' && typeof level === 'number') {
        if (cut?.network.key !== network || cut.level.level !== level) store.settle({ network, level })
      }
    })
  })
}
