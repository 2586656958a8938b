/** Knox's table: how many times more than by chance, by distance and delay. */

import type { NearRepeat } from '../../api/hotspots'
import { useApp } from '../app'

const SURE = 0.05

export function NearRepeats({ table }: { table: NearRepeat }) {
  const { speech } = useApp()
  const words = speech.value
  return (
    <>
      <h3>{words.say('hotspots.repeat')}</h3>
      <div class="wide-table">
        <table class="repeats" data-list="near-repeat">
          <thead>
            <tr>
              <td />
              {table.delays_days.map((days) => (
                <th key={days} scope="col">
                  {words.say('hotspots.repeat.days', { days })}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {table.distances_m.map((metres, row) => (
              <tr key={metres}>
                <th scope="row">
                  {metres === 0
                    ? words.say('hotspots.repeat.same')
                    : words.say('hotspots.repeat.metres', { metres })}
                </th>
                {table.delays_days.map((days, column) => {
                  const ratio = table.ratio[row]?.[column] ?? null
                  const sure = (table.q[row]?.[column] ?? 1) <= SURE && (ratio ?? 0) > 1
                  return (
                    <td key={days} data-sure={sure}>
                      {ratio === null ? '–' : words.number(ratio, 2)}
                    </td>
                  )
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  )
}
