/** The page: rooms at the side, one panel, and the map. */

import { useSignal } from '@preact/signals'
import type { ComponentType } from 'preact'
import { useEffect } from 'preact/hooks'

import type { Room } from '../state/view'

import { useApp } from './app'
import { Details } from './details/Details'
import { HotspotsRoom } from './hotspots/HotspotsRoom'
import { IncidentsRoom } from './incidents/IncidentsRoom'
import { MapRoom } from './map/MapRoom'
import { Navigation } from './Navigation'
import { Icon } from './parts/Icon'
import { PlaceSwitcher } from './PlaceSwitcher'
import { PlansRoom } from './plans/PlansRoom'
import { Search } from './Search'
import { Stage } from './Stage'
import { StaffRoom } from './staff/StaffRoom'

const ROOMS: Readonly<Record<Room, ComponentType>> = {
  map: MapRoom,
  plans: PlansRoom,
  staff: StaffRoom,
  incidents: IncidentsRoom,
  hotspots: HotspotsRoom,
}

export function Shell({ mount }: { mount: (container: HTMLElement) => void }) {
  const { store, speech, actions } = useApp()
  const words = speech.value
  const { room, selection, place } = store.view.value
  const RoomPanel = ROOMS[room]
  // On a narrow screen the panel is a sheet; something new to read opens it.
  const open = useSignal(true)
  useEffect(() => {
    open.value = true
  }, [room, place, selection?.id, selection?.layer])
  useShortcuts()
  return (
    <div class="shell">
      <a
        class="skip"
        href="#map"
        onClick={(event) => {
          event.preventDefault()
          actions.focusMap()
        }}
      >
        {words.say('app.skip')}
      </a>
      <Navigation />
      <aside class="panel" aria-label={words.say('app.panel')} data-open={open.value}>
        <button
          type="button"
          class="sheet-handle"
          aria-expanded={open.value}
          aria-controls="panel-content"
          aria-label={words.say(open.value ? 'app.panel.close' : 'app.panel.open')}
          onClick={() => {
            open.value = !open.value
          }}
        >
          <Icon name={open.value ? 'down' : 'up'} size={20} />
        </button>
        <header class="panel-head">
          <div class="brand-row">
            <h1 class="brand">
              <img src="./icon.svg" alt="" width="26" height="26" />
              gridmap<small>{words.say('app.title')}</small>
            </h1>
            <button
              type="button"
              class="language"
              lang={words.language === 'zh' ? 'en' : 'zh-CN'}
              aria-label={words.say('app.language.label')}
              onClick={() => actions.speak(words.language === 'zh' ? 'en' : 'zh')}
            >
              {words.say('app.language')}
            </button>
          </div>
          <PlaceSwitcher />
          <Search />
        </header>
        <div id="panel-content" class="panel-contents">
          {/* The room stays as it was left while details lie over it: filters and scroll, too. */}
          <div key={`${room}/${place}`} class="panel-content" hidden={selection !== null}>
            <RoomPanel />
          </div>
          {selection && (
            <div key={`${selection.layer}/${selection.id}`} class="panel-content">
              <Details />
            </div>
          )}
        </div>
      </aside>
      <Stage mount={mount} />
    </div>
  )
}

/** `/` goes to the search, Esc steps back: out of a field first, then out of the selection. */
function useShortcuts() {
  const { store, actions } = useApp()
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement
      const isTyping = target.matches('input:not([type=checkbox]):not([type=radio]), select, textarea')
      if (event.key === '/' && !isTyping && !event.ctrlKey && !event.metaKey && !event.altKey) {
        event.preventDefault()
        document.querySelector<HTMLInputElement>('.search-input')?.focus()
      }
      if (event.key === 'Escape' && !event.defaultPrevented) {
        if (isTyping) target.blur()
        else if (store.view.peek().selection) actions.select(null)
      }
    }
    document.addEventListener('keydown', pressed)
    return () => document.removeEventListener('keydown', pressed)
  }, [store, actions])
}
