/** Search by name or code; traditional and simplified characters find each other on the server. */

import { useMemo } from 'preact/hooks'

import type { Found } from '../api/nouns'
import { search } from '../api/service'
import type { Speech } from '../i18n/language'
import { createSearch, type Outcome } from '../state/found'
import { valueOf } from '../state/resource'

import { useApp } from './app'
import { Combobox } from './parts/Combobox'

const PAUSE_MS = 180

export function Search() {
  const { store, data, speech, actions } = useApp()
  const words = speech.value
  const { found, outcome, ask } = useMemo(
    () => createSearch((text, abort) => search(text, store.view.peek().place, abort), PAUSE_MS),
    [store],
  )
  const open = (item: Found) => {
    const { lon, lat } = item
    if (item.place && item.place !== store.view.peek().place) actions.openPlace(item.place)
    actions.select({ layer: item.layer, id: item.id }, item.bbox ?? [lon, lat, lon, lat])
  }
  const placeName = (key: string | null) => {
    const place = valueOf(data.places.loaded.value)?.find((candidate) => candidate.key === key)
    return place ? words.name(place) : ''
  }
  return (
    <Combobox
      words={{
        label: words.say('search.label'),
        results: words.say('search.results'),
        clear: words.say('search.clear'),
      }}
      items={found.value}
      isFresh={outcome.value === 'found'}
      keyOf={({ layer, id }) => `${layer}/${id}`}
      textOf={(item) => words.name(item)}
      message={messageOf(outcome.value, found.value.length, words)}
      typed={ask}
      taken={open}
    >
      {(item) => (
        <>
          <span class="search-name">{words.name(item)}</span>
          <span class="search-note">
            {[words.term('layer', item.layer), placeName(item.place), item.code]
              .filter(Boolean)
              .join(' · ')}
          </span>
        </>
      )}
    </Combobox>
  )
}

function messageOf(outcome: Outcome, count: number, words: Speech): string | null {
  if (outcome === 'failed') return words.say('search.failed')
  if (count > 0 || outcome === 'idle') return null
  return words.say(outcome === 'found' ? 'search.none' : 'search.searching')
}
