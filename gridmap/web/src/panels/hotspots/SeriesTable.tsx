/** Counts by grid and month, which survive a redraw of the grids. */

import { useApp } from '../app'
import { Waiting } from '../parts/Message'

export function SeriesTable() {
  const { hotspots, speech } = useApp()
  const words = speech.value
  const loaded = hotspots.series.loaded.value
  return (
    <section aria-labelledby="series-title">
      <h3 id="series-title">{words.say('hotspots.series')}</h3>
      {!hotspots.wantsSeries.value && (
        <button
          type="button"
          class="button"
          data-do="series"
          onClick={() => {
            hotspots.wantsSeries.value = true
          }}
        >
          {words.say('hotspots.series.do')}
        </button>
      )}
      <Waiting loaded={loaded} retry={hotspots.series.retry} />
      {loaded.state === 'ready' && (
        <>
          <p class="quiet">{words.say('hotspots.series.text')}</p>
          <ol class="rows" data-list="series">
            {loaded.value.grids
              .map((grid) => ({ ...grid, total: sum(grid.exact), carried: sum(grid.by_lineage) }))
              .sort((a, b) => b.total - a.total)
              .map((grid) => (
                <li key={grid.id} class="series-row">
                  <span>{grid.name}</span>
                  <Spark values={grid.exact} />
                  <span class="number">
                    {words.number(grid.total)}
                    {Math.abs(grid.carried - grid.total) >= 0.5 && ` (${words.number(grid.carried)})`}
                  </span>
                </li>
              ))}
          </ol>
        </>
      )}
    </section>
  )
}

function Spark({ values }: { values: readonly number[] }) {
  const most = Math.max(1, ...values)
  return (
    <svg class="spark" viewBox={`0 0 ${values.length * 6} 20`} preserveAspectRatio="none" aria-hidden="true">
      {values.map((value, i) => (
        <rect key={i} x={i * 6} y={20 - (20 * value) / most} width={5} height={(20 * value) / most} />
      ))}
    </svg>
  )
}

function sum(values: readonly number[]): number {
  return values.reduce((a, b) => a + b, 0)
}
