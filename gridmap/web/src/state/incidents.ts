/** Counts and order of incidents; plain arithmetic on what was read. */

import type { IncidentProperties, Item } from '../api/nouns'

type Incident = Item<IncidentProperties>

const DONE: ReadonlySet<string> = new Set(['resolved', 'verified', 'closed', 'rejected'])
/** China has one time all over: eight hours before Greenwich, without summer time. */
const CHINA_MS = 8 * 3_600_000

export interface Count {
  readonly value: string
  readonly count: number
}

export function isOpen(incident: Incident): boolean {
  return !DONE.has(incident.properties.state)
}

/** The latest first. */
export function latest(incidents: readonly Incident[]): Incident[] {
  return [...incidents].sort(
    (a, b) => Date.parse(b.properties.reported_at) - Date.parse(a.properties.reported_at),
  )
}

/** How many of each category, the most frequent first. */
export function byCategory(incidents: readonly Incident[]): Count[] {
  const counts = new Map<string, number>()
  for (const { properties } of incidents) {
    counts.set(properties.category, (counts.get(properties.category) ?? 0) + 1)
  }
  return [...counts]
    .map(([value, count]) => ({ value, count }))
    .sort((a, b) => b.count - a.count || a.value.localeCompare(b.value))
}

/** How many in each month ("2026-10") from the first to the last, months without any included. */
export function byMonth(incidents: readonly Incident[]): Count[] {
  const counts = new Map<string, number>()
  for (const { properties } of incidents) {
    const month = monthOf(properties.reported_at)
    counts.set(month, (counts.get(month) ?? 0) + 1)
  }
  const months = [...counts.keys()].sort()
  const last = months.at(-1)
  const listed: Count[] = []
  for (let month = months[0]; month && last && month <= last; month = following(month)) {
    listed.push({ value: month, count: counts.get(month) ?? 0 })
  }
  return listed
}

function monthOf(time: string): string {
  return new Date(Date.parse(time) + CHINA_MS).toISOString().slice(0, 7)
}

function following(month: string): string {
  const [year = 0, number = 0] = month.split('-').map(Number)
  return number === 12 ? `${year + 1}-01` : `${year}-${String(number + 1).padStart(2, '0')}`
}
