/** The published grids of a network with their households, the largest first. */

import { useSignal } from '@preact/signals'

import type { GridProperties, Item } from '../../api/nouns'
import { boundsOf } from '../../geometry/bounds'
import type { Cut } from '../../state/data'
import { useApp } from '../app'
import { CutChoice } from '../map/CutChoice'
import { Bar } from '../parts/Bar'
import { Choice } from '../parts/Choice'
import { Waiting } from '../parts/Message'

export function PublishedGrids({ cut }: { cut: Cut }) {
  const { data, speech } = useApp()
  const words = speech.value
  const loaded = data.grids.loaded.value
  return (
    <>
      <CutChoice cut={cut} />
      <Waiting loaded={loaded} retry={data.grids.retry} />
      {loaded.state === 'ready' && (
        <>
          <Balance cut={cut} items={loaded.value.items} />
          <GridList items={loaded.value.items} />
          {loaded.value.matched > loaded.value.items.length && (
            <p class="quiet">
              {words.say('common.truncated', {
                shown: loaded.value.items.length,
                matched: loaded.value.matched,
              })}
            </p>
          )}
        </>
      )}
    </>
  )
}

type Grids = readonly Item<GridProperties>[]

function Balance({ cut, items }: { cut: Cut; items: Grids }) {
  const { speech } = useApp()
  const words = speech.value
  const counts = items.map((item) => item.properties.households)
  const total = counts.reduce((sum, count) => sum + count, 0)
  if (counts.length === 0) return null
  return (
    <p class="lead">
      {words.say('plans.text', {
        network: words.name(cut.network),
        level: words.name(cut.level),
        count: items.length,
        households: total,
      })}
      {counts.length > 1 && (
        <>
          <br />
          {words.say('plans.range', {
            least: Math.min(...counts),
            most: Math.max(...counts),
            mean: Math.round(total / counts.length),
          })}
        </>
      )}
    </p>
  )
}

type Order = 'households' | 'code'

function GridList({ items }: { items: Grids }) {
  const { speech, actions } = useApp()
  const words = speech.value
  const order = useSignal<Order>('households')
  const most = Math.max(...items.map((item) => item.properties.households))
  const sorted = [...items].sort((a, b) =>
    order.value === 'households'
      ? b.properties.households - a.properties.households
      : a.properties.code.localeCompare(b.properties.code),
  )
  return (
    <>
      <Choice<Order>
        label={words.say('plans.sort')}
        options={[
          { value: 'households', label: words.say('plans.sort.households') },
          { value: 'code', label: words.say('plans.sort.code') },
        ]}
        chosen={order.value}
        choose={(value) => {
          order.value = value
        }}
      />
      <ol class="rows bars" data-list="grids">
        {sorted.map((item) => (
          <li key={item.id}>
            <button
              type="button"
              class="row-link"
              onClick={() => actions.select({ layer: 'grids', id: item.id }, boundsOf(item.geometry))}
            >
              <span>{words.name(item.properties)}</span>
              <Bar value={item.properties.households} most={most} />
              <span class="number">{words.number(item.properties.households)}</span>
              <span class="unit">{words.say('unit.households')}</span>
            </button>
          </li>
        ))}
      </ol>
    </>
  )
}
