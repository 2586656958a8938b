/** One place that stands out: its incidents, its grids, who is responsible, and what is near. */

import type { Hotspot } from '../../api/hotspots'
import type { Located } from '../../api/nouns'
import { valueOf } from '../../state/resource'
import { useApp } from '../app'
import { Near } from '../details/Near'
import { Waiting } from '../parts/Message'

const LISTED = 8

export function Spot({ spot, rank }: { spot: Hotspot; rank: number }) {
  const { hotspots, speech } = useApp()
  const words = speech.value
  const around = hotspots.around.loaded.value
  return (
    <section class="spot" aria-labelledby="spot-title" data-spot={rank}>
      <button
        type="button"
        class="button"
        data-do="spots"
        onClick={() => {
          hotspots.chosen.value = null
        }}
      >
        {words.say('hotspots.back')}
      </button>
      <h3 id="spot-title">
        {words.say('hotspots.rank', { rank })}
        {words.language === 'zh' ? '：' : ': '}
        {spot.expected === null
          ? words.say('hotspots.count', { incidents: spot.incidents })
          : words.say('hotspots.expected', {
              incidents: spot.incidents,
              expected: words.number(spot.expected, 1),
            })}
      </h3>
      <p class="quiet">{spot.words[words.language]}</p>
      <Waiting loaded={around} retry={hotspots.around.retry} />
      {around.state === 'ready' && <Around located={around.value} />}
      <Incidents spot={spot} />
    </section>
  )
}

function Around({ located }: { located: Located }) {
  const { speech, actions } = useApp()
  const words = speech.value
  const grids = Object.values(located.grids).flatMap((levels) => Object.values(levels))
  return (
    <>
      <h4>{words.say('hotspots.spot.grids')}</h4>
      <ul class="rows" data-list="spot-grids">
        {grids.map((grid) => (
          <li key={grid.id}>
            <button
              type="button"
              class="row-link"
              onClick={() => actions.select({ layer: 'grids', id: grid.id })}
            >
              <span>{words.name(grid)}</span>
              <small>{grid.code}</small>
            </button>
          </li>
        ))}
      </ul>
      <h4>{words.say('hotspots.spot.responsible')}</h4>
      {located.responsible.length === 0 && (
        <p class="quiet">{words.say('detail.responsible.none')}</p>
      )}
      <ul class="rows" data-list="spot-responsible">
        {located.responsible.map((person, i) => (
          <li key={i}>
            {person.name && <span>{person.name}</span>}
            <small>
              {words.label({ name: person.role_name, name_en: person.role_name_en })} ·{' '}
              {words.name(person.target)}
            </small>
          </li>
        ))}
      </ul>
      <Near points={located.resource_points} />
    </>
  )
}

function Incidents({ spot }: { spot: Hotspot }) {
  const { data, speech, actions } = useApp()
  const words = speech.value
  const known = new Map(
    (valueOf(data.incidents.loaded.value)?.items ?? []).map((item) => [item.id, item]),
  )
  const listed = spot.incident_ids.flatMap((id) => known.get(id) ?? []).slice(0, LISTED)
  const rest = spot.incidents - listed.length
  return (
    <>
      <h4>{words.say('hotspots.spot.incidents')}</h4>
      <ul class="rows" data-list="spot-incidents">
        {listed.map(({ id, properties }) => (
          <li key={id}>
            <button
              type="button"
              class="row-link"
              onClick={() => actions.select({ layer: 'incidents', id })}
            >
              <span>{properties.title || words.term('incident', properties.category)}</span>
              <small>
                {words.term('incident', properties.category)} · {words.time(properties.reported_at)}
              </small>
            </button>
          </li>
        ))}
      </ul>
      {rest > 0 && <p class="quiet">{words.say('hotspots.spot.more', { count: rest })}</p>}
    </>
  )
}
