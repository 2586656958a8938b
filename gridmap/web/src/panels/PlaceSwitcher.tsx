/** Which place: a plain select, because every reader, finger and keyboard knows it. */

import { valueOf } from '../state/resource'

import { useApp } from './app'

export function PlaceSwitcher() {
  const { store, data, speech, actions } = useApp()
  const words = speech.value
  const places = valueOf(data.places.loaded.value) ?? []
  const chosen = store.view.value.place ?? ''
  const isKnown = chosen === '' || places.some((place) => place.key === chosen)
  return (
    <div class="place-switcher">
      <select
        aria-label={words.say('place.choose')}
        value={chosen}
        onChange={(event) => actions.openPlace(event.currentTarget.value || null)}
      >
        <option value="">{words.say('place.all')}</option>
        {places.map((place) => (
          <option key={place.key} value={place.key}>
            {words.name(place)}
          </option>
        ))}
        {!isKnown && <option value={chosen}>{chosen}</option>}
      </select>
    </div>
  )
}
