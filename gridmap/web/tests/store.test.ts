import { effect } from '@preact/signals'
import { describe, expect, it } from 'vitest'

import { createStore, type Address } from '../src/state/store'

/** An address bar with a history, without a browser. */
function addressBar(start = '') {
  const history = [start]
  let at = 0
  let changed = () => {}
  const address: Address = {
    read: () => history[at] ?? '',
    write(hash, how) {
      if (how === 'push') history.splice(++at, Infinity, hash)
      else history[at] = hash
    },
    listen(listener) {
      changed = listener
    },
  }
  const back = () => {
    at -= 1
    changed()
  }
  return { address, back, length: () => history.length }
}

describe('the state', () => {
  it('goes back to the place before, but not through every move of the map', () => {
    const bar = addressBar()
    const store = createStore(bar.address, 'zh')
    store.change({ place: 'nanjie' })
    const camera = { longitude: 101, latitude: 25, zoom: 15, bearing: 0, pitch: 0 }
    store.settle({ camera })
    store.settle({ camera: { ...camera, zoom: 16 } })
    store.change({ selection: { layer: 'grids', id: 7 } })
    expect(bar.length()).toBe(3)
    bar.back()
    expect(store.view.value).toMatchObject({ place: 'nanjie', selection: null })
    expect(store.view.value.camera?.zoom).toBe(16)
    bar.back()
    expect(store.view.value.place).toBeNull()
  })

  it('keeps the answer of whoever reacts to a step at once', () => {
    const bar = addressBar()
    const store = createStore(bar.address, 'zh')
    const camera = { longitude: 101, latitude: 25, zoom: 15, bearing: 0, pitch: 0 }
    effect(() => {
      if (store.view.value.place && !store.view.value.camera) store.settle({ camera })
    })
    store.change({ place: 'nanjie' })
    expect(bar.address.read()).toContain('at=101,25,15')
    expect(bar.length()).toBe(2)
  })

  it('writes nothing when nothing changes', () => {
    const bar = addressBar('#/map/nanjie?lang=zh')
    const store = createStore(bar.address, 'zh')
    const before = store.view.value
    store.change({ place: 'nanjie' })
    expect(store.view.value).toBe(before)
    expect(bar.length()).toBe(1)
  })

  it('replaces its view instead of changing it', () => {
    const store = createStore(addressBar().address, 'zh')
    const before = store.view.value
    store.change({ language: 'en' })
    expect(before.language).toBe('zh')
    expect(store.view.value.language).toBe('en')
  })
})
