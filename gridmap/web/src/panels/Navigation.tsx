/** The rooms of the page. */

import { ROOMS } from '../state/view'

import { useApp } from './app'
import { format } from '../state/url'
import { Icon } from './parts/Icon'

export function Navigation() {
  const { store, speech } = useApp()
  const view = store.view.value
  return (
    <nav class="rooms" aria-label={speech.value.say('app.rooms')}>
      <ul>
        {ROOMS.map((room) => (
          <li key={room}>
            <a
              href={format({ ...view, room })}
              aria-current={view.room === room ? 'page' : undefined}
              onClick={(event) => {
                // A plain click changes the room in place; other clicks open the link as links do.
                if (event.ctrlKey || event.metaKey || event.shiftKey) return
                event.preventDefault()
                store.change({ room })
              }}
            >
              <Icon name={room} />
              <span>{speech.value.say(`room.${room}`)}</span>
            </a>
          </li>
        ))}
      </ul>
    </nav>
  )
}
