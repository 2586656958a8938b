/** What every room apart from the map has: a title, a place to speak of, and what it will hold. */

import type { ComponentChildren } from 'preact'

import { useApp } from '../app'

import { Message, Waiting } from './Message'

export function NeedsPlace({ title, children }: { title: string; children: ComponentChildren }) {
  const { store, data, speech } = useApp()
  const words = speech.value
  const places = data.places.loaded.value
  const place = data.place.value
  return (
    <section aria-labelledby="room-title">
      <h2 id="room-title">
        {title}
        {place && <small>{words.name(place)}</small>}
      </h2>
      {place ? (
        children
      ) : store.view.value.place !== null && places.state !== 'ready' ? (
        <Waiting loaded={places} retry={data.places.retry} />
      ) : (
        <Message
          title={words.say('common.choose.place')}
          text={words.say('common.choose.place.text')}
        />
      )}
    </section>
  )
}

export function Later({ text }: { text: string }) {
  return <p class="later">{text}</p>
}
