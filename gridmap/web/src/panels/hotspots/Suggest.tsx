/** A suggestion: where one more station or patrol would reach the most that none is near to. */

import { useSignal } from '@preact/signals'

import { useApp } from '../app'
import { Waiting } from '../parts/Message'

const MOST = 5
const REACHES = [150, 300, 500, 800] as const

export function Suggest() {
  const { hotspots, speech, actions } = useApp()
  const words = speech.value
  const count = useSignal(1)
  const reach = useSignal(300)
  const loaded = hotspots.placement.loaded.value
  return (
    <section class="suggest" aria-labelledby="suggest-title">
      <h3 id="suggest-title">{words.say('hotspots.suggest')}</h3>
      <p class="quiet">{words.say('hotspots.suggest.text')}</p>
      <div class="suggest-row">
        <label class="field">
          <span>{words.say('hotspots.suggest.count')}</span>
          <select
            name="suggest-count"
            value={count.value}
            onChange={(event) => {
              count.value = Number(event.currentTarget.value)
            }}
          >
            {Array.from({ length: MOST }, (_, i) => (
              <option key={i} value={i + 1}>
                {i + 1}
              </option>
            ))}
          </select>
        </label>
        <label class="field">
          <span>{words.say('hotspots.suggest.reach')}</span>
          <select
            name="suggest-reach"
            value={reach.value}
            onChange={(event) => {
              reach.value = Number(event.currentTarget.value)
            }}
          >
            {REACHES.map((metres) => (
              <option key={metres} value={metres}>
                {metres}
              </option>
            ))}
          </select>
        </label>
        <button
          type="button"
          class="button"
          data-do="suggest"
          onClick={() => {
            hotspots.wish.value = { count: count.value, reach: reach.value }
          }}
        >
          {words.say('hotspots.suggest.do')}
        </button>
      </div>
      <Waiting loaded={loaded} retry={hotspots.placement.retry} />
      {loaded.state === 'ready' && (
        <>
          <p role="status">{loaded.value.summary[words.language]}</p>
          <ol class="rows" data-list="suggested">
            {loaded.value.places.map(({ rank, lon, lat, gains }) => (
              <li key={rank}>
                <button
                  type="button"
                  class="row-link"
                  onClick={() => actions.goTo([lon - 0.002, lat - 0.002, lon + 0.002, lat + 0.002])}
                >
                  {words.say('hotspots.suggest.place', { rank, count: gains })}
                </button>
              </li>
            ))}
          </ol>
          <button
            type="button"
            class="button"
            onClick={() => {
              hotspots.wish.value = null
            }}
          >
            {words.say('hotspots.suggest.clear')}
          </button>
        </>
      )}
    </section>
  )
}
