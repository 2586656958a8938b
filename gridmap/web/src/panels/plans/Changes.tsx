/** Which grids differ between two plans, where the land went, and who is affected: list and map. */

import type { Geometry } from 'geojson'

import { MOVED_COLOUR } from '../../map/documents'
import { boundsOf } from '../../geometry/bounds'
import type { Beside } from '../../state/documents'
import { useApp } from '../app'

import { Swatches } from './Swatches'

const MOST = 200

export function Changes({ beside }: { beside: Beside }) {
  const { documents, plans, speech } = useApp()
  const words = speech.value
  const { comparison } = beside
  const level = comparison.levels.find((item) => item.level === plans.level.value)
  if (!level) return null
  const changed = [...level.changed, ...level.gone]
  if (changed.length === 0) return <p class="quiet">{words.say('plan.compare.same')}</p>
  const moves = comparison.moved.features.filter(({ properties }) => properties?.['level'] === level.level)
  const shapeOf = (id: number, change: string): Geometry | null =>
    (change === 'gone'
      ? beside.areas.find((area) => area.id === id)?.geometry
      : plans.open.value?.areas.get(id)?.geometry) ?? null
  return (
    <>
      <p>
        {words.say('plan.compare.sum', {
          before: level.grids_before,
          after: level.grids_after,
          households: level.households_moved,
          incidents: level.open_incidents_moved,
        })}
      </p>
      <Swatches of={[{ colour: MOVED_COLOUR, label: words.say('compare.map.moved') }]} />
      <table class="plan-table" data-list="changed">
        <tbody>
          {changed.map((grid) => (
            <tr
              key={`${grid.change}-${grid.id}`}
              aria-selected={documents.looked.value?.key === `${grid.change}-${grid.id}`}
            >
              <th scope="row">
                <Look at={`${grid.change}-${grid.id}`} geometry={shapeOf(grid.id, grid.change)}>
                  {words.name(grid)}
                </Look>
              </th>
              <td class="words">{words.say(`plan.change.${grid.change}`)}</td>
              <td class="number">
                {words.number(grid.households)} {words.say('unit.households')}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {moves.length > 0 && (
        <details>
          <summary>{words.say('compare.moves', { count: moves.length })}</summary>
          <table class="plan-table" data-list="moves">
            <tbody>
              {moves.slice(0, MOST).map(({ geometry, properties }, i) => (
                <tr key={i} aria-selected={documents.looked.value?.key === `move-${i}`}>
                  <th scope="row">
                    <Look at={`move-${i}`} geometry={geometry}>
                      {words.say('compare.move', {
                        from: String(properties?.['from'] ?? ''),
                        to: String(properties?.['to'] ?? ''),
                      })}
                    </Look>
                  </th>
                  <td class="number">
                    {words.number(Number(properties?.['households'] ?? 0))} {words.say('unit.households')}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </details>
      )}
      <Posts beside={beside} names={changed.map((grid) => grid.name)} />
    </>
  )
}

/** Go to something on the map, and mark it there; once more lets go of it. */
export function Look({
  at,
  geometry,
  children,
}: {
  at: string
  geometry: Geometry | null
  children: string
}) {
  const { documents, actions } = useApp()
  const isLooked = documents.looked.value?.key === at
  return (
    <button
      type="button"
      class="cell-link"
      aria-pressed={isLooked}
      disabled={!geometry}
      onClick={() => {
        documents.looked.value = isLooked ? null : { key: at, geometry }
        const bounds = boundsOf(geometry)
        if (!isLooked && bounds) actions.goTo(bounds)
      }}
    >
      {children}
    </button>
  )
}

function Posts({ beside, names }: { beside: Beside; names: readonly string[] }) {
  const { speech } = useApp()
  const words = speech.value
  const posts = beside.comparison.posts.filter((post) => names.includes(post.grid_name))
  const nameOf = (id: number) => beside.areas.find((area) => area.id === id)?.properties
  if (posts.length === 0) return null
  return (
    <>
      <h4>{words.say('plan.compare.posts')}</h4>
      <ul class="rows" data-list="posts">
        {posts.map((post, i) => (
          <li key={i}>
            {post.name} · {words.name({ name: post.role_name, name_en: post.role_name_en })} ·{' '}
            {words.name(nameOf(post.grid_id) ?? { name: post.grid_name })}
          </li>
        ))}
      </ul>
    </>
  )
}
