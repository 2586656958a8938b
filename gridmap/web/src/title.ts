/** What the browser calls the page: the place, and the room. */

import { computed, effect, type ReadonlySignal } from '@preact/signals'

import type { Speech } from './i18n/language'
import type { Data } from './state/data'
import type { Store } from './state/store'

export function keepTitle(store: Store, data: Data, speech: ReadonlySignal<Speech>): void {
  const room = computed(() => store.view.value.room)
  effect(() => {
    const words = speech.value
    const place = data.place.value
    document.documentElement.lang = words.locale
    const inRoom = room.value === 'map' ? words.say('app.title') : words.say(`room.${room.value}`)
    document.title = [place && words.name(place), inRoom, 'gridmap'].filter(Boolean).join(' – ')
  })
}
