/** The shown network laid over another one of the place: what is not covered, what is cut. */

import { useId } from 'preact/hooks'

import type { Crosswalk as Answer, CrossedGrid } from '../../api/plan-documents'
import type { Cut } from '../../state/data'
import { straddling } from '../../state/straddling'
import { CUT, OTHER, UNCOVERED } from '../../map/crossing'
import { useApp } from '../app'
import { Waiting } from '../parts/Message'

import { Swatches } from './Swatches'

const MOST = 300

export function Crosswalk({ cut }: { cut: Cut }) {
  const { documents, speech } = useApp()
  const words = speech.value
  const id = useId()
  const others = cut.place.networks.filter(
    (network) => network.key !== cut.network.key && network.levels.length > 0,
  )
  const loaded = documents.crosswalk.loaded.value
  if (others.length === 0) return null
  return (
    <section class="crosswalk" aria-label={words.say('cross.title')}>
      <h3>{words.say('cross.title')}</h3>
      <div class="field">
        <label for={id}>{words.say('cross.with')}</label>
        <select
          id={id}
          name="crossing"
          value={documents.crossing.value ?? ''}
          onChange={(event) => {
            documents.crossing.value = event.currentTarget.value || null
          }}
        >
          <option value="">{words.say('cross.none')}</option>
          {others.map((network) => (
            <option key={network.key} value={network.key}>
              {words.label(network)}
            </option>
          ))}
        </select>
      </div>
      {loaded.state === 'loading' && <p role="status">{words.say('cross.wait')}</p>}
      {loaded.state === 'failed' && <Waiting loaded={loaded} retry={documents.crosswalk.retry} />}
      {loaded.state === 'ready' && <Found found={loaded.value} cut={cut} />}
    </section>
  )
}

function Found({ found, cut }: { found: Answer; cut: Cut }) {
  const { documents, speech } = useApp()
  const words = speech.value
  const one = new Map(found.one.grids.map((grid) => [grid.id, grid]))
  const other = new Map(found.other.grids.map((grid) => [grid.id, grid]))
  const networkOf = (key: string) =>
    words.label(cut.place.networks.find((item) => item.key === key) ?? { name: key, name_en: key })
  const torn = straddling(found)
  // With a grid that is looked at, the matrix is about that one.
  const looked = Number(documents.looked.value?.key ?? 0)
  const pairs = found.pairs.filter((pair) => !looked || pair.one_id === looked || pair.other_id === looked)
  return (
    <>
      <Swatches
        of={[
          { colour: OTHER, label: words.say('cross.map.other', { network: networkOf(found.other.network) }), isLine: true },
          ...(torn.length > 0 ? [{ colour: CUT, label: words.say('cross.map.cut') }] : []),
          ...(found.uncovered.length > 0 ? [{ colour: UNCOVERED, label: words.say('cross.map.uncovered') }] : []),
        ]}
      />
      {found.uncovered.length === 0 ? (
        <p class="exact">{words.say('cross.covered')}</p>
      ) : (
        <Listed
          name="uncovered"
          title={words.say('cross.uncovered', { count: found.uncovered.length })}
          rows={found.uncovered.map((grid) => [grid, networkOf(grid.network), `${words.number(grid.share * 100, 1)}%`])}
        />
      )}
      {torn.length === 0 ? (
        <p class="exact">{words.say('cross.fits')}</p>
      ) : (
        <Listed
          name="cut"
          title={words.say('cross.cut', { count: torn.length })}
          rows={torn.map((grid) => [grid, networkOf(grid.network), words.say('cross.parts', { count: grid.parts })])}
        />
      )}
      <table class="plan-table" data-list="matrix">
        <caption>{words.say('cross.matrix')}</caption>
        <thead>
          <tr>
            <th scope="col">{networkOf(found.one.network)}</th>
            <th scope="col" class="words">
              {networkOf(found.other.network)}
            </th>
            <th scope="col">{words.say('plan.table.households')}</th>
            <th scope="col">{words.say('cross.share')}</th>
          </tr>
        </thead>
        <tbody>
          {pairs.slice(0, MOST).map((pair) => (
            <tr key={`${pair.one_id}-${pair.other_id}`}>
              <th scope="row">{words.name(one.get(pair.one_id) ?? {})}</th>
              <td class="words">{words.name(other.get(pair.other_id) ?? {})}</td>
              <td class="number">{words.number(pair.households)}</td>
              <td class="number">{words.number(pair.share_of_one * 100, 0)}%</td>
            </tr>
          ))}
        </tbody>
      </table>
      {pairs.length > MOST && (
        <p class="quiet">{words.say('common.truncated', { shown: MOST, matched: pairs.length })}</p>
      )}
    </>
  )
}

function Listed({
  name,
  title,
  rows,
}: {
  name: string
  title: string
  rows: readonly (readonly [grid: CrossedGrid, network: string, what: string])[]
}) {
  const { documents, speech, actions } = useApp()
  const words = speech.value
  const show = async ({ id }: CrossedGrid, isLooked: boolean) => {
    documents.looked.value = null
    const bounds = isLooked ? null : await documents.look(id)
    if (bounds) actions.goTo(bounds)
  }
  return (
    <details>
      <summary>{title}</summary>
      <ul class="rows" data-list={name}>
        {rows.slice(0, MOST).map(([grid, network, what]) => {
          const isLooked = documents.looked.value?.key === String(grid.id)
          return (
            <li key={grid.id}>
              <button
                type="button"
                class="row-link"
                data-grid={grid.id}
                aria-pressed={isLooked}
                onClick={() => void show(grid, isLooked)}
              >
                <span>
                  {words.name(grid)} <small>{network}</small>
                </span>
                <span class="number">{what}</span>
              </button>
            </li>
          )
        })}
      </ul>
    </details>
  )
}
