/** A question about hotspots, as the permalink writes it and as the service is asked. */

import { askFinely, baselineOf, parseFiner, toldTo, type Finer } from './finer'

export const METHODS = [
  'getis-ord',
  'local-moran',
  'counts',
  'rates',
  'density',
  'street-density',
  'dbscan',
  'hdbscan',
  'st-dbscan',
  'scan',
  'bernoulli-scan',
  'space-time-scan',
  'permutation-scan',
  'emerging',
  'near-repeat',
  'change',
] as const
export type Method = (typeof METHODS)[number]

export const UNITS = ['hexagon', 'square', 'grids', 'micro-grids', 'buildings', 'streets'] as const
export type Unit = (typeof UNITS)[number]

export const PEOPLE = ['none', 'households', 'residents', 'buildings'] as const
export type People = (typeof PEOPLE)[number]

export const SPANS = [7, 30, 90, 365] as const

/** Days back from the last incident; or whole days from `from` to `to`, both included. */
export interface Question {
  readonly days: number | null
  readonly from: string
  readonly to: string
  readonly categories: readonly string[]
  readonly severity: number
  readonly channel: string | null
  readonly method: Method
  readonly unit: Unit
  readonly people: People
  /** Metres; none: the data choose. */
  readonly size: number | null
  /** What the method is told besides. */
  readonly finer: Finer
  /** How many quarters of its length the window is moved back. */
  readonly back: number
  /** Beside it, the window before (by swipe). */
  readonly swipe: boolean
  /** The place that is pointed out (0 is the first), and the step of a cube that is shown. */
  readonly spot: number | null
  readonly step: number | null
}

/** What the service is asked. */
export interface Asked {
  readonly place: string
  /** Moments with their zone; the second one is excluded. */
  readonly from: string
  readonly to: string
  readonly category: readonly string[]
  readonly channel: readonly string[]
  readonly severity: number
  readonly method: Method
  readonly unit: Unit
  readonly denominator: People
  readonly size: number | null
  /** What the method is told besides, under the service's own names. */
  readonly [finer: string]: string | number | null | readonly string[]
}

export const PLAIN: Question = {
  days: 365,
  from: '',
  to: '',
  categories: [],
  severity: 1,
  channel: null,
  method: 'getis-ord',
  unit: 'hexagon',
  people: 'none',
  size: null,
  finer: {},
  back: 0,
  swipe: false,
  spot: null,
  step: null,
}

/** Methods of single incidents, which are counted in nothing. */
const OF_POINTS: readonly Method[] = [
  'density', 'street-density', 'dbscan', 'hdbscan', 'st-dbscan', 'near-repeat',
]
const BY_PEOPLE: readonly Method[] = ['getis-ord', 'local-moran', 'rates', 'scan', 'space-time-scan']

export const countsInUnits = (method: Method) => !OF_POINTS.includes(method)
export const dividesByPeople = (method: Method) => BY_PEOPLE.includes(method)

/** What a method divides by when it is not told; nothing where counts are as good. */
export function untoldPeople(method: Method): People | null {
  if (method === 'scan') return 'buildings'
  return method === 'rates' || method === 'space-time-scan' ? 'households' : null
}

const DAY_MS = 86_400_000
/** China has one time all over: eight hours before Greenwich, without summer time. */
const CHINA_MS = 8 * 3_600_000
const ZONE = '+08:00'
const TEXT = /^(?:(\d{1,4})|(\d{4}-\d\d-\d\d)\.\.(\d{4}-\d\d-\d\d))\/([a-z+-]+)\/([1-4])((?:\/[a-z]+:[\w-]+)*)$/

/** The half-open window of a question, in the time of the places. */
export function windowOf(
  { days, from, to, back = 0 }: Pick<Question, 'days' | 'from' | 'to'> & { back?: number },
  lastDay: string,
): { from: string; to: string } {
  const end = Date.parse(`${following(days === null ? to : lastDay)}T00:00:00${ZONE}`)
  const length = days === null ? end - Date.parse(`${from}T00:00:00${ZONE}`) : days * DAY_MS
  const moved = Math.round((back * length) / 4 / DAY_MS) * DAY_MS
  return { from: momentOf(end - moved - length), to: momentOf(end - moved) }
}

/** The window of equal length before another. */
export function windowBefore(window: { from: string; to: string }): { from: string; to: string } {
  const [from, to] = [Date.parse(window.from), Date.parse(window.to)]
  return { from: momentOf(from - (to - from)), to: window.from }
}

export function askedOf(question: Question, place: string, window: { from: string; to: string }): Asked {
  const { categories, severity, channel, method, unit, people, size, finer } = question
  const baseline = method === 'change' ? baselineOf(finer) : null
  return {
    place,
    ...window,
    category: categories,
    channel: channel ? [channel] : [],
    severity,
    method,
    unit: countsInUnits(method) ? unit : 'hexagon',
    denominator: dividesByPeople(method) ? people : 'none',
    size: unit === 'hexagon' || unit === 'square' ? size : null,
    ...askFinely(question),
    ...(baseline && {
      baseline_from: `${baseline.since}T00:00:00${ZONE}`,
      baseline_to: `${following(baseline.until)}T00:00:00${ZONE}`,
    }),
  }
}

export function formatQuestion(question: Question): string {
  const { days, from, to, categories, severity } = question
  const parts = [`${days ?? `${from}..${to}`}`, categories.join('+') || 'all', String(severity)]
  for (const name of ['method', 'unit', 'people', 'size', 'channel', 'back', 'spot', 'step'] as const) {
    if (question[name] !== PLAIN[name]) parts.push(`${name}:${question[name]}`)
  }
  for (const name of toldTo(question)) parts.push(`${name}:${question.finer[name]}`)
  if (question.swipe) parts.push('swipe:yes')
  return parts.join('/')
}

/** Read a question of a permalink; nothing when it is none. */
export function parseQuestion(text: string): Question | null {
  const found = TEXT.exec(text)
  if (!found) return null
  const [, days, from = '', to = '', category = 'all', severity, rest = ''] = found
  if (days === undefined && (!isDay(from) || !isDay(to))) return null
  if (days !== undefined && Number(days) < 1) return null
  const more = new Map(rest.split('/').filter(Boolean).map((part) => part.split(':') as [string, string]))
  const size = Number(more.get('size'))
  const back = Number(more.get('back'))
  return {
    ...PLAIN,
    days: days === undefined ? null : Number(days),
    from,
    to,
    categories: category === 'all' ? [] : category.split('+').filter(Boolean),
    severity: Number(severity),
    channel: more.get('channel') ?? null,
    method: oneOf(METHODS, more.get('method')) ?? PLAIN.method,
    unit: oneOf(UNITS, more.get('unit')) ?? PLAIN.unit,
    people: oneOf(PEOPLE, more.get('people')) ?? PLAIN.people,
    size: size >= 20 && size <= 5000 ? size : null,
    finer: parseFiner(more),
    back: Number.isInteger(back) && back > 0 && back < 400 ? back : 0,
    swipe: more.get('swipe') === 'yes',
    spot: numberOf(more.get('spot')),
    step: numberOf(more.get('step')),
  }
}

function oneOf<T extends string>(known: readonly T[], text: string | undefined): T | null {
  return known.find((item) => item === text) ?? null
}

function numberOf(text: string | undefined): number | null {
  return text !== undefined && /^\d{1,3}$/.test(text) ? Number(text) : null
}

function isDay(text: string): boolean {
  return !Number.isNaN(Date.parse(`${text}T00:00:00Z`))
}

function following(day: string): string {
  return dayOf(Date.parse(`${day}T00:00:00${ZONE}`) + DAY_MS)
}

function momentOf(moment: number): string {
  return `${dayOf(moment)}T00:00:00${ZONE}`
}

/** The day of a moment in the time of the places. */
export function dayOf(moment: number): string {
  return new Date(moment + CHINA_MS).toISOString().slice(0, 10)
}

/** The last day that a window includes. */
export function lastDayOf(window: { to: string }): string {
  return dayOf(Date.parse(window.to) - DAY_MS)
}

/** The last day before the one on which something ends. */
export function dayBefore(day: string): string {
  return lastDayOf({ to: `${day}T00:00:00${ZONE}` })
}
