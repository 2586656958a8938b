/** Questions about hotspots: what links say, and which days are meant. */

import { describe, expect, it } from 'vitest'

import { FINER, finerOf, tell } from '../src/state/finer'
import {
  METHODS,
  PLAIN,
  askedOf,
  formatQuestion,
  lastDayOf,
  parseQuestion,
  windowBefore,
  windowOf,
} from '../src/state/question'

const LAST = '2026-10-31'

describe('a window', () => {
  it('is of whole days in the time of the places', () => {
    const window = windowOf({ days: 30, from: '', to: '' }, LAST)
    expect(window).toEqual({ from: '2026-10-02T00:00:00+08:00', to: '2026-11-01T00:00:00+08:00' })
    expect(lastDayOf(window)).toBe(LAST)
    const dates = windowOf({ days: null, from: '2026-02-01', to: '2026-02-28' }, LAST)
    expect(dates.to).toBe('2026-03-01T00:00:00+08:00')
  })

  it('is moved back by quarters of its length, and follows the one before it', () => {
    const window = windowOf({ days: 28, from: '', to: '', back: 4 }, LAST)
    expect(window.to).toBe('2026-10-04T00:00:00+08:00')
    const now = windowOf({ days: 28, from: '', to: '' }, LAST)
    expect(windowBefore(now)).toEqual(window)
  })
})

describe('a link', () => {
  it('keeps the whole question', () => {
    for (const asked of [
      PLAIN,
      { ...PLAIN, days: 7, categories: ['fire', 'order'], severity: 3, channel: 'walk-in' },
      { ...PLAIN, days: null, from: '2026-02-01', to: '2026-02-28', swipe: true, back: 3, spot: 0, step: 12 },
      ...METHODS.map((method) => ({ ...PLAIN, method, unit: 'micro-grids' as const, size: 80 })),
    ]) {
      expect(parseQuestion(formatQuestion(asked))).toEqual(asked)
    }
  })

  it('of before still asks the same', () => {
    expect(parseQuestion('365/order/2')).toEqual({ ...PLAIN, categories: ['order'], severity: 2 })
  })

  it.each(['', '0/all/1', '30/all/9', '2026-13-01..2026-01-02/all/1', 'x/y/z'])(
    'takes no nonsense for a question: %s',
    (text) => expect(parseQuestion(text)).toBeNull(),
  )
})

it('asks for people and units only where a method has them', () => {
  const window = windowOf({ days: 30, from: '', to: '' }, LAST)
  const asked = { ...PLAIN, unit: 'grids' as const, people: 'households' as const }
  const ask = (method: (typeof METHODS)[number]) => askedOf({ ...asked, method }, 'nanjie', window)
  expect(ask('rates')).toMatchObject({ unit: 'grids', denominator: 'households' })
  expect(ask('density')).toMatchObject({ unit: 'hexagon', denominator: 'none' })
  expect(ask('change')).toMatchObject({ unit: 'grids', denominator: 'none' })
})

describe('what a method is told besides', () => {
  const window = windowOf({ days: 30, from: '', to: '' }, LAST)
  const finer = {
    smoothing: 'local', test: 'normal', rings: 2, kernel: 'gaussian', rule: 'given', bandwidth: 120,
    control: 'order', windows: 'rectangles', radius: 300, delay: 7, least: 6, every: 14, share: 25,
    since: '2026-01-01', until: '2026-03-31', replicates: 999, seed: 7, network: 'police',
  }

  it('is asked and kept in the link where it means something, and only there', () => {
    for (const method of METHODS) {
      for (const unit of ['square', 'grids'] as const) {
        const asked = { ...PLAIN, method, unit, finer }
        const names = finerOf(asked)
        const kept = parseQuestion(formatQuestion(asked))
        expect(Object.keys(kept?.finer ?? {}).sort()).toEqual([...names].sort())
        expect(askedOf({ ...PLAIN, ...kept, method, unit }, 'nanjie', window)).toEqual(
          askedOf(asked, 'nanjie', window),
        )
      }
    }
  })

  it('has the names and the units of the service', () => {
    const ask = (method: (typeof METHODS)[number]) => askedOf({ ...PLAIN, method, finer }, 'nanjie', window)
    expect(ask('density')).toMatchObject({ kernel: 'gaussian', bandwidth: 120 })
    expect(ask('density')).not.toHaveProperty('rule')
    expect(ask('permutation-scan')).toMatchObject({ windows: 'rectangles', share: 0.25, step: 14 })
    expect(ask('bernoulli-scan')).toMatchObject({ control: 'order', radius: 300 })
    expect(ask('change')).toMatchObject({
      baseline_from: '2026-01-01T00:00:00+08:00',
      baseline_to: '2026-04-01T00:00:00+08:00',
    })
    expect(ask('counts')).not.toHaveProperty('windows')
  })

  it('is forgotten when it is as it would be untold, and no nonsense is taken', () => {
    expect(tell({ kernel: 'gaussian' }, 'kernel', 'quartic')).toEqual({})
    expect(tell({}, 'seed', FINER.seed.plain)).toEqual({})
    expect(parseQuestion('30/all/1/method:density/kernel:x/bandwidth:9')?.finer).toEqual({})
    expect(askedOf({ ...PLAIN, method: 'change', finer: { since: '2026-01-01' } }, 'x', window)).not.toHaveProperty(
      'baseline_from',
    )
  })
})
