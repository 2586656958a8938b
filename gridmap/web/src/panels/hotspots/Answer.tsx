/** The answer: one sentence, the places by rank, the legend in words, and when it happens. */

import type { HotspotAnswer } from '../../api/hotspots'
import { useApp } from '../app'
import { Bar } from '../parts/Bar'
import { Message } from '../parts/Message'

import { Calendar } from './Calendar'
import { Clock } from './Clock'
import { Keep } from './Keep'
import { NearRepeats } from './NearRepeats'
import { Ranked } from './Ranked'
import { Scored } from './Scored'
import { SeriesTable } from './SeriesTable'
import { Slider } from './Slider'
import { Spot } from './Spot'
import { Suggest } from './Suggest'

export function Answer({ answer, busy }: { answer: HotspotAnswer; busy: boolean }) {
  const { speech, hotspots } = useApp()
  const words = speech.value
  if (answer.incidents === 0) {
    return (
      <>
        <Slider answer={answer} />
        <Message
          title={words.say('hotspots.no.incidents')}
          text={words.say('hotspots.no.incidents.text')}
        />
      </>
    )
  }
  const spot = hotspots.spot.value
  return (
    <section
      class="hotspots"
      data-answer={answer.id}
      data-method={answer.method}
      aria-busy={busy}
    >
      <p class="lead hotspots-summary">{answer.summary[words.language]}</p>
      <Slider answer={answer} />
      <ClassKey answer={answer} />
      {spot ? (
        <Spot spot={spot} rank={(hotspots.chosen.value ?? 0) + 1} />
      ) : answer.hotspots.length > 0 ? (
        <Ranked answer={answer} />
      ) : (
        <Message title={words.say('hotspots.none')} text={words.say('hotspots.none.text')} />
      )}
      {answer.near_repeat && <NearRepeats table={answer.near_repeat} />}
      <details class="hotspots-how">
        <summary>{words.say('hotspots.how')}</summary>
        <p>{answer.explanation[words.language]}</p>
      </details>
      <Keep answer={answer} />
      <Suggest />
      <h3>{words.say('hotspots.clock')}</h3>
      <Clock clock={answer.clock} />
      {answer.calendar && <Calendar {...answer.calendar} />}
      <h3>{words.say('hotspots.months')}</h3>
      <Months counts={answer.months} />
      <Scored />
      <SeriesTable />
    </section>
  )
}

/** The classes that there are, in the words of the answer. */
function ClassKey({ answer }: { answer: HotspotAnswer }) {
  const { speech } = useApp()
  const words = speech.value
  const there = new Set(answer.features.map((cell) => cell.properties.class))
  const entries = answer.legend.filter((item) => there.has(item.class))
  return (
    <>
      <h3>{words.say('hotspots.legend')}</h3>
      <ul class="key class-key" data-list="classes">
        {entries.map((item) => (
          <li key={item.class}>
            <span class="swatch" style={{ background: item.colour }} />
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
