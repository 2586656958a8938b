/** The answer: what was tested, the hotspots by rank, and when incidents are reported. */

import type { HotspotAnswer } from '../../api/hotspots'
import { CLASS_COLOURS } from '../../map/findings'
import { useApp } from '../app'
import { Bar } from '../parts/Bar'
import { Message } from '../parts/Message'

import { Clock } from './Clock'

const SURE: Readonly<Record<number, string>> = { 1: '90', 2: '95', 3: '99' }

export function Answer({ answer }: { answer: HotspotAnswer }) {
  const { speech } = useApp()
  const words = speech.value
  if (answer.incidents === 0) {
    return (
      <Message
        title={words.say('hotspots.no.incidents')}
        text={words.say('hotspots.no.incidents.text')}
      />
    )
  }
  return (
    <section class="hotspots" data-answer={answer.id}>
      {answer.hotspots.length === 0 ? (
        <Message title={words.say('hotspots.none')} text={words.say('hotspots.none.text')} />
      ) : (
        <Ranked answer={answer} />
      )}
      <ClassKey answer={answer} />
      <p class="quiet">{answer.explanation[words.language]}</p>
      <h3>{words.say('hotspots.clock')}</h3>
      <Clock clock={answer.clock} />
      <h3>{words.say('hotspots.months')}</h3>
      <Months counts={answer.months} />
    </section>
  )
}

function Ranked({ answer }: { answer: HotspotAnswer }) {
  const { hotspots, speech, actions } = useApp()
  const words = speech.value
  return (
    <>
      <h3>{words.say('hotspots.list', { count: answer.hotspots.length })}</h3>
      <ol class="rows" data-list="hotspots">
        {answer.hotspots.map((spot, i) => (
          <li key={i}>
            <button
              type="button"
              class="row-link hotspot"
              aria-pressed={hotspots.chosen.value === i}
              data-centre={spot.centre.join(',')}
              onClick={() => {
                hotspots.chosen.value = i
                actions.goTo(spot.bbox)
              }}
            >
              <span class="swatch" style={{ background: CLASS_COLOURS[spot.class] }} aria-hidden="true" />
              <span>{words.say('hotspots.rank', { rank: i + 1 })}</span>
              <span class="number">
                {words.say('hotspots.expected', {
                  incidents: spot.incidents,
                  expected: words.number(spot.expected, 1),
                })}
              </span>
              <small>
                {words.say('hotspots.sure', {
                  sure: SURE[spot.class] ?? '',
                  radius: words.distance(spot.radius_m),
                })}
              </small>
            </button>
          </li>
        ))}
      </ol>
    </>
  )
}

/** The classes that there are, in the words of the answer. */
function ClassKey({ answer }: { answer: HotspotAnswer }) {
  const { speech } = useApp()
  const words = speech.value
  const there = new Set(answer.cells.features.map((cell) => cell.properties.class))
  return (
    <>
      <h3>{words.say('hotspots.legend')}</h3>
      <ul class="key class-key" data-list="classes">
        {answer.legend
          .filter((item) => there.has(item.class))
          .map((item) => (
            <li key={item.class}>
              <span class="swatch" style={{ background: CLASS_COLOURS[item.class] }} />
              {item[words.language]}
            </li>
          ))}
      </ul>
    </>
  )
}

function Months({ counts }: { counts: readonly number[] }) {
  const { speech } = useApp()
  const words = speech.value
  const most = Math.max(...counts)
  const named = new Intl.DateTimeFormat(words.locale, { month: 'long', timeZone: 'UTC' })
  return (
    <ol class="rows bars" data-list="months">
      {counts.map((count, i) => (
        <li key={i} class="row">
          <span>{named.format(Date.UTC(2000, i, 15))}</span>
          <Bar value={count} most={most} />
          <span class="number">{words.number(count)}</span>
          <span class="unit">{words.say('unit.incidents')}</span>
        </li>
      ))}
    </ol>
  )
}
