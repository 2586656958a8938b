/** The overview: each place as a card that opens it. */

import type { Place } from '../../api/nouns'
import { useApp } from '../app'
import { Icon } from '../parts/Icon'
import { Message, Waiting } from '../parts/Message'

export function PlaceCards() {
  const { data, speech } = useApp()
  const words = speech.value
  const loaded = data.places.loaded.value
  if (loaded.state !== 'ready') return <Waiting loaded={loaded} retry={data.places.retry} />
  if (loaded.value.length === 0) {
    return <Message title={words.say('place.none')} text={words.say('place.none.text')} />
  }
  return (
    <section aria-labelledby="overview-title">
      <h2 id="overview-title">{words.say('place.overview', { count: loaded.value.length })}</h2>
      <p class="lead">{words.say('place.overview.text')}</p>
      <ul class="cards">
        {loaded.value.map((place) => (
          <PlaceCard key={place.key} place={place} />
        ))}
      </ul>
    </section>
  )
}

function PlaceCard({ place }: { place: Place }) {
  const { speech, actions } = useApp()
  const words = speech.value
  const authoritative = place.networks.find((network) => network.authoritative) ?? place.networks[0]
  const levels = authoritative?.levels.filter((level) => level.count > 0) ?? []
  return (
    <li>
      <button type="button" class="card" onClick={() => actions.openPlace(place.key)}>
        <span class="card-title">{words.name(place)}</span>
        <span class="card-facts">
          {levels
            .map((level) =>
              words.say('place.level', { level: words.label(level), count: level.count }),
            )
            .join(' · ')}
          <br />
          {words.say('place.people', {
            households: place.counts.households,
            residents: place.counts.residents,
          })}
        </span>
        <Icon name="next" size={18} />
      </button>
    </li>
  )
}
