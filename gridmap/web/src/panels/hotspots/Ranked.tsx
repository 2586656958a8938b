/** The places that stand out, the strongest first. */

import { useSignal } from '@preact/signals'

import type { HotspotAnswer } from '../../api/hotspots'
import { dayBefore } from '../../state/question'
import { useApp } from '../app'

const FIRST = 10

export function Ranked({ answer }: { answer: HotspotAnswer }) {
  const { hotspots, speech, actions } = useApp()
  const words = speech.value
  const all = useSignal(false)
  const colours = new Map(answer.legend.map((entry) => [entry.class, entry.colour]))
  const shown = all.value ? answer.hotspots : answer.hotspots.slice(0, FIRST)
  return (
    <>
      <h3>{words.say('hotspots.list', { count: answer.hotspots.length })}</h3>
      <ol class="rows" data-list="hotspots">
        {shown.map((spot, i) => (
          <li key={i}>
            <button
              type="button"
              class="row-link hotspot"
              data-centre={spot.centre.join(',')}
              onClick={() => {
                hotspots.chosen.value = i
                actions.goTo(spot.bbox)
              }}
            >
              <span class="swatch" style={{ background: colours.get(spot.class) }} aria-hidden="true" />
              <span>{words.say('hotspots.rank', { rank: i + 1 })}</span>
              <span class="number">
                {spot.expected === null
                  ? words.say('hotspots.count', { incidents: spot.incidents })
                  : words.say('hotspots.expected', {
                      incidents: spot.incidents,
                      expected: words.number(spot.expected, 1),
                    })}
              </span>
              <small>
                {spot.words[words.language]} · {words.say('hotspots.radius', { radius: words.distance(spot.radius_m) })}
                {spot.from && spot.to && ` · ${words.say('hotspots.when', { from: spot.from, to: dayBefore(spot.to) })}`}
              </small>
            </button>
          </li>
        ))}
      </ol>
      {answer.hotspots.length > shown.length && (
        <button
          type="button"
          class="button"
          onClick={() => {
            all.value = true
          }}
        >
          {words.say('hotspots.all', { count: answer.hotspots.length })}
        </button>
      )}
    </>
  )
}
