/** The room of the map: all places, one place, or what was selected in it. */

import { useApp } from '../app'
import { Message, Waiting } from '../parts/Message'

import { CutChoice } from './CutChoice'
import { Layers } from './Layers'
import { PlaceCards } from './PlaceCards'
import { PlaceSummary } from './PlaceSummary'

export function MapRoom() {
  const { store, data, speech } = useApp()
  const words = speech.value
  const { place: key } = store.view.value
  const places = data.places.loaded.value
  const place = data.place.value
  const cut = data.cut.value

  if (key === null) return <PlaceCards />
  if (places.state !== 'ready') return <Waiting loaded={places} retry={data.places.retry} />
  if (!place) {
    return (
      <Message
        title={words.say('place.unknown', { place: key })}
        text={words.say('place.unknown.text')}
      />
    )
  }
  return (
    <>
      <PlaceSummary place={place} />
      {cut && <CutChoice cut={cut} />}
      <Layers />
    </>
  )
}
