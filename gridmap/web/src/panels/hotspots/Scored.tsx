/** The methods side by side: how well the first half of the window predicts the second. */

import type { Method } from '../../state/question'
import { useApp } from '../app'
import { Waiting } from '../parts/Message'

export function Scored() {
  const { hotspots, speech } = useApp()
  const words = speech.value
  const loaded = hotspots.scores.loaded.value
  const asked = hotspots.question.value
  return (
    <section aria-labelledby="scores-title">
      <h3 id="scores-title">{words.say('hotspots.scores')}</h3>
      {!hotspots.wantsScores.value && (
        <button
          type="button"
          class="button"
          data-do="scores"
          onClick={() => {
            hotspots.wantsScores.value = true
          }}
        >
          {words.say('hotspots.scores.do')}
        </button>
      )}
      <Waiting loaded={loaded} retry={hotspots.scores.retry} />
      {loaded.state === 'ready' && (
        <>
          <p class="quiet">{loaded.value.summary[words.language]}</p>
          <div class="wide-table">
            <table class="repeats scores" data-list="scores">
              <thead>
                <tr>
                  <th scope="col">{words.say('hotspots.scores.method')}</th>
                  <th scope="col">{words.say('hotspots.scores.hit')}</th>
                  <th scope="col">PAI</th>
                  <th scope="col">PEI</th>
                  <th scope="col">{words.say('hotspots.scores.recapture')}</th>
                </tr>
              </thead>
              <tbody>
                {loaded.value.methods.map((row) => (
                  <tr key={row.method}>
                    <th scope="row">
                      <button
                        type="button"
                        class="cell-link"
                        onClick={() => {
                          if (asked) hotspots.ask({ ...asked, method: row.method as Method })
                        }}
                      >
                        {words.term('method', row.method)}
                      </button>
                    </th>
                    <td>{words.number(row.hit_rate * 100)} %</td>
                    <td>{words.number(row.pai, 1)}</td>
                    <td>{words.number(row.pei, 2)}</td>
                    <td>{row.recapture === null ? '–' : words.number(row.recapture, 2)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </>
      )}
    </section>
  )
}
