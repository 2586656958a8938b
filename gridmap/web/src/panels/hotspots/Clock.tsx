/** Incidents by weekday and hour: a table that is read as a picture. */

import { useApp } from '../app'

/** A Monday. */
const MONDAY = Date.UTC(2024, 0, 1, 12)
const DAY_MS = 86_400_000
/** Every sixth hour is written. */
const WRITTEN = 6

export function Clock({ clock }: { clock: readonly (readonly number[])[] }) {
  const { speech } = useApp()
  const words = speech.value
  const named = new Intl.DateTimeFormat(words.locale, { weekday: 'short', timeZone: 'UTC' })
  const dayName = (day: number) => named.format(MONDAY + day * DAY_MS)
  const all = clock.flat()
  const most = Math.max(...all)
  const top = all.indexOf(most)
  return (
    <>
      <p class="quiet">
        {words.say('hotspots.clock.text', {
          day: dayName(Math.floor(top / 24)),
          hour: String(top % 24),
          count: most,
        })}
      </p>
      <table class="clock">
        <caption class="visually-hidden">{words.say('hotspots.clock')}</caption>
        <thead>
          <tr>
            <td />
            {clock[0]?.map((_, hour) => (
              <th key={hour} scope="col">
                <span class="visually-hidden">{words.say('hotspots.hour', { hour: String(hour) })}</span>
                <span aria-hidden="true">{hour % WRITTEN === 0 ? hour : ''}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {clock.map((hours, day) => (
            <tr key={day}>
              <th scope="row">{dayName(day)}</th>
              {hours.map((count, hour) => (
                <td
                  key={hour}
                  title={words.say('hotspots.clock.cell', { day: dayName(day), hour: String(hour), count })}
                  style={{ background: `color-mix(in srgb, var(--accent) ${share(count, most)}%, #f1f1ed)` }}
                >
                  <span class="visually-hidden">{count}</span>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </>
  )
}

function share(count: number, most: number): number {
  return most > 0 ? Math.round((100 * count) / most) : 0
}
