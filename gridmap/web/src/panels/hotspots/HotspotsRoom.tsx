/** How many incidents, by month and category: counts, and no claim beyond them. */

import type { Features, IncidentProperties } from '../../api/nouns'
import { byCategory, byMonth, type Count } from '../../state/incidents'
import { useApp } from '../app'
import { Bar } from '../parts/Bar'
import { Message, Waiting } from '../parts/Message'
import { Later, NeedsPlace } from '../parts/Room'

export function HotspotsRoom() {
  const { data, speech } = useApp()
  const words = speech.value
  const loaded = data.incidents.loaded.value
  return (
    <NeedsPlace title={words.say('room.hotspots')}>
      <Waiting loaded={loaded} retry={data.incidents.retry} />
      {loaded.state === 'ready' &&
        (loaded.value.items.length === 0 ? (
          <Message title={words.say('incidents.empty')} text={words.say('incidents.empty.text')} />
        ) : (
          <Counts features={loaded.value} />
        ))}
      <Later text={words.say('hotspots.later')} />
    </NeedsPlace>
  )
}

function Counts({ features }: { features: Features<IncidentProperties> }) {
  const { speech } = useApp()
  const words = speech.value
  const { items, matched } = features
  const months = byMonth(items)
  return (
    <>
      <p class="lead">
        {words.say('hotspots.text', { months: months.length, count: items.length })}
      </p>
      {matched > items.length && (
        <p class="quiet">{words.say('common.truncated', { shown: items.length, matched })}</p>
      )}
      <h3>{words.say('hotspots.by.category')}</h3>
      <Bars counts={byCategory(items)} label={(value) => words.term('incident', value)} />
      <h3>{words.say('hotspots.by.month')}</h3>
      <Bars counts={months} label={(value) => words.month(value)} />
      <p class="quiet">{words.say('hotspots.note')}</p>
    </>
  )
}

function Bars({ counts, label }: { counts: readonly Count[]; label: (value: string) => string }) {
  const { speech } = useApp()
  const words = speech.value
  const most = Math.max(...counts.map(({ count }) => count))
  return (
    <ol class="rows bars">
      {counts.map(({ value, count }) => (
        <li key={value} class="row">
          <span>{label(value)}</span>
          <Bar value={count} most={most} />
          <span class="number">{words.number(count)}</span>
          <span class="unit">{words.say('unit.incidents')}</span>
        </li>
      ))}
    </ol>
  )
}
