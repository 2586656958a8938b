/** What a method can be told besides; what it is not told has a default, or the data choose it. */

import type { Method, People, Unit } from './question'

interface Word {
  readonly kind: 'word'
  /** The first is what it is untold; none where only the reader's data know the others. */
  readonly values: readonly string[]
}

interface Amount {
  readonly kind: 'amount'
  readonly least: number
  readonly most: number
  readonly step: number
  /** What it is untold; nothing where the data choose. */
  readonly plain: number | null
}

interface Day {
  readonly kind: 'day'
}

const word = (...values: readonly string[]): Word => ({ kind: 'word', values })
const amount = (least: number, most: number, step: number, plain: number | null = null): Amount => ({
  kind: 'amount', least, most, step, plain,
})

export const FINER = {
  network: word(),
  smoothing: word('global', 'local', 'none'),
  test: word('auto', 'permutation', 'normal'),
  rings: amount(1, 5, 1),
  kernel: word('quartic', 'gaussian', 'epanechnikov', 'triangular', 'uniform'),
  rule: word('cross-validation', 'diggle', 'silverman', 'scott', 'arcgis', 'given'),
  bandwidth: amount(10, 5000, 5),
  control: word(),
  windows: word('circles', 'rectangles'),
  radius: amount(5, 5000, 5),
  delay: amount(1, 366, 1),
  least: amount(2, 10_000, 1),
  every: amount(1, 366, 1),
  share: amount(1, 50, 1, 10),
  since: { kind: 'day' },
  until: { kind: 'day' },
  replicates: amount(99, 999, 100, 199),
  seed: amount(0, 999_999, 1, 1),
} as const satisfies Readonly<Record<string, Word | Amount | Day>>

export type FinerName = keyof typeof FINER
export type Finer = Readonly<Partial<Record<FinerName, string | number>>>

interface Told {
  readonly method: Method
  readonly unit: Unit
  readonly people: People
  readonly finer: Finer
}

const NAMES = Object.keys(FINER) as FinerName[]
const DENSITIES: readonly Method[] = ['density', 'street-density']
const SCANS: readonly Method[] = ['scan', 'bernoulli-scan', 'space-time-scan', 'permutation-scan']
const IN_STEPS: readonly Method[] = ['emerging', 'space-time-scan', 'permutation-scan']
const LOCAL: readonly Method[] = ['getis-ord', 'local-moran']
const CROWDS: readonly Method[] = ['dbscan', 'hdbscan', 'st-dbscan']
const POINTS: readonly Method[] = [...DENSITIES, ...CROWDS, 'near-repeat']
const SEEDED: readonly Method[] = [...SCANS, 'near-repeat']
const AMONG_NEIGHBOURS: readonly Method[] = [...LOCAL, 'emerging']

const BELONGS: Readonly<Record<FinerName, (told: Told) => boolean>> = {
  network: ({ method, unit }) =>
    !POINTS.includes(method) && (unit === 'grids' || unit === 'micro-grids'),
  smoothing: ({ method, people }) =>
    method === 'rates' || (LOCAL.includes(method) && people !== 'none'),
  test: ({ method }) => LOCAL.includes(method),
  rings: ({ method, unit }) =>
    AMONG_NEIGHBOURS.includes(method) && (unit === 'hexagon' || unit === 'square'),
  kernel: ({ method }) => DENSITIES.includes(method),
  rule: ({ method }) => DENSITIES.includes(method),
  bandwidth: ({ method, finer }) => DENSITIES.includes(method) && finer.rule === 'given',
  control: ({ method }) => method === 'bernoulli-scan',
  windows: ({ method }) => SCANS.includes(method),
  radius: ({ method }) => [...SCANS, 'dbscan', 'st-dbscan', 'near-repeat'].includes(method),
  delay: ({ method }) => method === 'st-dbscan' || method === 'near-repeat',
  least: ({ method }) => CROWDS.includes(method),
  every: ({ method }) => IN_STEPS.includes(method),
  share: ({ method }) => SCANS.includes(method),
  since: ({ method }) => method === 'change',
  until: ({ method }) => method === 'change',
  replicates: ({ method }) => SCANS.includes(method),
  seed: ({ method }) => SEEDED.includes(method),
}

export const isScan = (method: Method) => SCANS.includes(method)

/** What can be told to a method, in the order in which it is shown. */
export function finerOf(told: Told): readonly FinerName[] {
  return NAMES.filter((name) => BELONGS[name](told))
}

/** What is told and means something to the method. */
export function toldTo(told: Told): readonly FinerName[] {
  return finerOf(told).filter((name) => told.finer[name] !== undefined)
}

/** Tell one thing; what is as it would be untold is not kept. */
export function tell(finer: Finer, name: FinerName, value: string | number | null): Finer {
  const { [name]: _, ...others } = finer
  return value === null || value === '' || value === plainOf(name) ? others : { ...others, [name]: value }
}

/** A distance or delay that has a default of its own, whatever the data. */
export function usualOf(name: FinerName, method: Method): number | null {
  if (name === 'radius') return method === 'near-repeat' ? 100 : null
  if (name === 'rings') return method === 'emerging' ? 1 : null
  if (name === 'delay') return method === 'near-repeat' ? 7 : 14
  const plain = plainOf(name)
  return typeof plain === 'number' ? plain : null
}

export function plainOf(name: FinerName): string | number | null {
  const option: Word | Amount | Day = FINER[name]
  if (option.kind === 'amount') return option.plain
  return option.kind === 'word' ? (option.values[0] ?? null) : null
}

/** A first and a last day that are in order, or nothing. */
export function baselineOf({ since, until }: Finer): { since: string; until: string } | null {
  return typeof since === 'string' && typeof until === 'string' && since <= until ? { since, until } : null
}

/** As the service is asked, but for the days of a baseline. */
export function askFinely(told: Told): Readonly<Record<string, string | number>> {
  const asked: Record<string, string | number> = {}
  for (const name of toldTo(told)) {
    const value = told.finer[name]
    if (value === undefined || value === 'given' || FINER[name].kind === 'day') continue
    if (name === 'share') asked['share'] = Number(value) / 100
    else asked[name === 'every' ? 'step' : name] = value
  }
  return asked
}

/** Read what a link says; what it cannot say is as good as untold. */
export function parseFiner(said: ReadonlyMap<string, string>): Finer {
  let finer: Finer = {}
  for (const name of NAMES) {
    const text = said.get(name)
    if (text !== undefined) finer = tell(finer, name, read(FINER[name], text))
  }
  return finer
}

function read(option: Word | Amount | Day, text: string): string | number | null {
  if (option.kind === 'word') return option.values.length === 0 || option.values.includes(text) ? text : null
  if (option.kind === 'day') return Number.isNaN(Date.parse(`${text}T00:00:00Z`)) ? null : text
  const number = Number(text)
  return number >= option.least && number <= option.most ? number : null
}
