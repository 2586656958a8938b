/** A day each: weeks side by side, Monday on top, as dark as many incidents were reported. */

import { useApp } from '../app'

const DAY_MS = 86_400_000
const SIDE = 9
const STEP = 10.5

export function Calendar({ first, counts }: { first: string; counts: readonly number[] }) {
  const { speech } = useApp()
  const words = speech.value
  const most = Math.max(...counts)
  const start = Date.parse(`${first}T00:00:00Z`)
  const dayAt = (i: number) => new Date(start + i * DAY_MS).toISOString().slice(0, 10)
  const offset = (new Date(start).getUTCDay() + 6) % 7
  const weeks = Math.ceil((counts.length + offset) / 7)
  const top = words.say('hotspots.calendar.text', { day: dayAt(counts.indexOf(most)), count: most })
  return (
    <>
      <h3>{words.say('hotspots.calendar')}</h3>
      <p class="quiet">{top}</p>
      <div class="calendar">
        <svg
          role="img"
          aria-label={`${words.say('hotspots.calendar')}: ${top}`}
          viewBox={`0 0 ${weeks * STEP} ${7 * STEP}`}
          style={{ minWidth: `${Math.min(weeks * 6, 320)}px`, maxWidth: `${weeks * 16}px` }}
        >
          {counts.map((count, i) => (
            <rect
              key={i}
              x={Math.floor((i + offset) / 7) * STEP}
              y={((i + offset) % 7) * STEP}
              width={SIDE}
              height={SIDE}
              fill={`color-mix(in srgb, var(--accent) ${most ? Math.round((100 * count) / most) : 0}%, #ecece8)`}
            >
              <title>{words.say('hotspots.calendar.cell', { day: dayAt(i), count })}</title>
            </rect>
          ))}
        </svg>
      </div>
    </>
  )
}
