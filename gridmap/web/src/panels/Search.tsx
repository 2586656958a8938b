/** Search by name or code, as a combobox; traditional and simplified find each other on the server. */

import * as combobox from '@zag-js/combobox'
import { normalizeProps, useMachine } from '@zag-js/preact'
import { useComputed, useSignal } from '@preact/signals'
import type { InputHTMLAttributes } from 'preact'
import { useEffect, useId, useRef } from 'preact/hooks'

import type { Found } from '../api/nouns'
import { search } from '../api/service'
import type { Speech } from '../i18n/language'
import { valueOf } from '../state/resource'

import { useApp } from './app'
import { Icon } from './parts/Icon'

const PAUSE_MS = 180

// Preact's types tie an input's role to its kind; the machine gives both.
type InputProps = InputHTMLAttributes<HTMLInputElement>

type Outcome = 'idle' | 'searching' | 'found' | 'failed'

/** Ask after a pause in typing; a newer question aborts the one before. */
function useFound(place: string | null) {
  const found = useSignal<readonly Found[]>([])
  const outcome = useSignal<Outcome>('idle')
  const running = useRef<{ abort: AbortController; timer: number } | null>(null)

  const stop = () => {
    if (!running.current) return
    window.clearTimeout(running.current.timer)
    running.current.abort.abort()
    running.current = null
  }
  useEffect(() => stop, [])

  const ask = (text: string) => {
    stop()
    if (!text.trim()) {
      found.value = []
      outcome.value = 'idle'
      return
    }
    outcome.value = 'searching'
    const abort = new AbortController()
    const timer = window.setTimeout(() => {
      search(text.trim(), place, abort.signal).then(
        (results) => {
          found.value = results
          outcome.value = 'found'
        },
        () => {
          if (abort.signal.aborted) return
          found.value = []
          outcome.value = 'failed'
        },
      )
    }, PAUSE_MS)
    running.current = { abort, timer }
  }
  return { found, outcome, ask }
}

const keyOf = ({ layer, id }: Found) => `${layer}/${id}`

export function Search() {
  const { store, data, speech, actions } = useApp()
  const words = speech.value
  const { found, outcome, ask } = useFound(store.view.value.place)
  const collection = useComputed(() =>
    combobox.collection<Found>({
      items: [...found.value],
      itemToValue: keyOf,
      itemToString: (item) => speech.value.name(item),
    }),
  )
  const service = useMachine(combobox.machine as combobox.Machine<Found>, {
    id: useId(),
    collection: collection.value,
    inputBehavior: 'autohighlight',
    selectionBehavior: 'replace',
    allowCustomValue: true,
    openOnChange: ({ inputValue }) => inputValue.trim() !== '',
    positioning: { sameWidth: true, gutter: 6 },
    translations: { clearTriggerLabel: words.say('search.clear') },
    onInputValueChange: ({ inputValue, reason }) => {
      if (reason === 'input-change' || reason === 'clear-trigger') ask(inputValue)
    },
    onValueChange: ({ items }) => {
      const item = items[0]
      if (item) open(item)
    },
  })
  const api = combobox.connect(service, normalizeProps)

  const open = (item: Found) => {
    const { lon, lat } = item
    if (item.place && item.place !== store.view.value.place) actions.openPlace(item.place)
    actions.select({ layer: item.layer, id: item.id }, item.bbox ?? [lon, lat, lon, lat])
  }
  const placeName = (key: string | null) => {
    const place = valueOf(data.places.loaded.value)?.find((candidate) => candidate.key === key)
    return place ? words.name(place) : ''
  }

  const message = messageOf(outcome.value, found.value.length, api.inputValue, words)

  return (
    <div class="search" role="search" {...api.getRootProps()}>
      <div class="search-box" {...api.getControlProps()}>
        <Icon name="search" size={20} />
        <input
          {...(api.getInputProps() as InputProps)}
          class="search-input"
          aria-label={words.say('search.label')}
          placeholder={words.say('search.placeholder')}
          spellcheck={false}
          enterkeyhint="search"
        />
        <button {...api.getClearTriggerProps()} class="icon-button">
          <Icon name="close" size={18} />
        </button>
      </div>
      <div {...api.getPositionerProps()}>
        <ul
          {...api.getContentProps()}
          class="search-results"
          hidden={!api.open || found.value.length === 0}
          aria-label={words.say('search.results')}
        >
          {found.value.map((item) => (
            <li key={keyOf(item)} {...api.getItemProps({ item })} class="search-result">
              <span class="search-name">{words.name(item)}</span>
              <span class="search-note">
                {[words.term('layer', item.layer), placeName(item.place), item.code]
                  .filter(Boolean)
                  .join(' · ')}
              </span>
            </li>
          ))}
        </ul>
        {api.open && message && (
          <p class="search-results search-message" role="status">
            {message}
          </p>
        )}
      </div>
    </div>
  )
}

function messageOf(outcome: Outcome, count: number, text: string, words: Speech): string | null {
  if (outcome === 'failed') return words.say('search.failed')
  if (count > 0 || outcome === 'idle') return null
  return outcome === 'found' ? words.say('search.none', { text }) : words.say('search.searching')
}
