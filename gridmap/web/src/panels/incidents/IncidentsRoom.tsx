/** The latest incidents of a place, by category and state. */

import { useSignal } from '@preact/signals'

import type { Features, IncidentProperties, Item } from '../../api/nouns'
import { boundsOf } from '../../geometry/bounds'
import { byCategory, isOpen, latest } from '../../state/incidents'
import { useApp } from '../app'
import { SeverityKey } from '../map/Keys'
import { Message, Waiting } from '../parts/Message'
import { Later, NeedsPlace } from '../parts/Room'

const LISTED = 100

export function IncidentsRoom() {
  const { data, speech } = useApp()
  const words = speech.value
  const loaded = data.incidents.loaded.value
  return (
    <NeedsPlace title={words.say('room.incidents')}>
      <Waiting loaded={loaded} retry={data.incidents.retry} />
      {loaded.state === 'ready' &&
        (loaded.value.items.length === 0 ? (
          <Message title={words.say('incidents.empty')} text={words.say('incidents.empty.text')} />
        ) : (
          <Incidents features={loaded.value} />
        ))}
      <Later text={words.say('incidents.later')} />
    </NeedsPlace>
  )
}

function Incidents({ features }: { features: Features<IncidentProperties> }) {
  const { speech } = useApp()
  const words = speech.value
  const category = useSignal('')
  const onlyOpen = useSignal(false)
  const { items, matched } = features
  const chosen = latest(items).filter(
    (item) =>
      (category.value === '' || item.properties.category === category.value) &&
      (!onlyOpen.value || isOpen(item)),
  )
  const shown = chosen.slice(0, LISTED)
  return (
    <>
      <p class="lead">
        {words.say('incidents.text', { count: matched, open: items.filter(isOpen).length })}
      </p>
      <div class="filters">
        <select
          aria-label={words.say('incidents.category')}
          value={category.value}
          onChange={(event) => {
            category.value = event.currentTarget.value
          }}
        >
          <option value="">{words.say('incidents.category.all')}</option>
          {byCategory(items).map(({ value, count }) => (
            <option key={value} value={value}>
              {words.term('incident', value)}（{words.number(count)}）
            </option>
          ))}
        </select>
        <label class="switch">
          <span>{words.say('incidents.only.open')}</span>
          <input
            type="checkbox"
            role="switch"
            checked={onlyOpen.value}
            onChange={() => {
              onlyOpen.value = !onlyOpen.value
            }}
          />
        </label>
      </div>
      <SeverityKey />
      {shown.length === 0 && (
        <Message title={words.say('incidents.none')} text={words.say('incidents.none.text')} />
      )}
      <ol class="rows" data-list="incidents">
        {shown.map((item) => (
          <Row key={item.id} item={item} />
        ))}
      </ol>
      {chosen.length > shown.length && (
        <p class="quiet">
          {words.say('common.truncated', { shown: shown.length, matched: chosen.length })}
        </p>
      )}
    </>
  )
}

function Row({ item }: { item: Item<IncidentProperties> }) {
  const { speech, actions } = useApp()
  const words = speech.value
  const { category, title, state, severity, reported_at } = item.properties
  return (
    <li>
      <button
        type="button"
        class="row-link incident"
        onClick={() => actions.select({ layer: 'incidents', id: item.id }, boundsOf(item.geometry))}
      >
        <SeverityDot severity={severity} open={isOpen(item)} />
        <span>{title || words.term('incident', category)}</span>
        <small>
          {words.term('incident', category)} · {words.term('state', state)} · {words.time(reported_at)}
        </small>
      </button>
    </li>
  )
}

function SeverityDot({ severity, open }: { severity: number; open: boolean }) {
  const { legend } = useApp()
  const colour = legend.value?.severity.find((key) => key.value === String(severity))?.colour
  const style = open ? { background: colour } : { borderColor: colour }
  return <span class={open ? 'dot' : 'dot hollow'} style={style} aria-hidden="true" />
}
