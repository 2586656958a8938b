/** Days as people write them, `2026-12-07`, and the moments at which they begin and end. */

/** All places are in one zone, without summer time. */
const ZONE = 'Asia/Shanghai'
const OFFSET = '+08:00'

/** Today where the places are. */
export function today(): string {
  return dayOf(Date.now())
}

/** The next day of the month with this number, today included: `2026-12-07`. */
export function nextDay(number: number, from: string): string {
  const [year = 0, month = 1, day = 1] = from.split('-').map(Number)
  const later = day > number ? 1 : 0
  return new Date(Date.UTC(year, month - 1 + later, number)).toISOString().slice(0, 10)
}

/** The moment at which a day begins. */
export function beginOf(day: string): string {
  return `${day}T00:00:00${OFFSET}`
}

/** The moment at which a day is over: the next one begins. */
export function endOf(day: string): string {
  const next = new Date(`${day}T00:00:00Z`)
  next.setUTCDate(next.getUTCDate() + 1)
  return beginOf(next.toISOString().slice(0, 10))
}

/** The day on which a moment lies. */
export function dayOf(moment: string | number): string {
  return new Intl.DateTimeFormat('en-CA', { timeZone: ZONE }).format(new Date(moment))
}

/** The last day of something that is over at a moment. */
export function lastDayBefore(moment: string): string {
  return dayOf(Date.parse(moment) - 1)
}
