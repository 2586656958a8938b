import { describe, expect, it } from 'vitest'

import { format, parse } from '../src/state/url'
import { DEFAULT_THEMES, startView, type View } from '../src/state/view'

const everything: View = {
  room: 'incidents',
  place: 'nanjie',
  camera: { longitude: 101.241232, latitude: 25.503118, zoom: 15.25, bearing: -12.5, pitch: 40 },
  network: 'governance',
  level: 3,
  themes: new Set(['grids', 'incidents']),
  selection: { layer: 'grids', id: 42 },
  language: 'en',
}

describe('the permalink', () => {
  it('gives the same view again', () => {
    expect(parse(format(everything), 'zh')).toEqual(everything)
    expect(parse(format(startView('zh')), 'en')).toEqual(startView('zh'))
  })

  it('says nothing about what is as usual', () => {
    expect(format(startView('zh'))).toBe('#/map?lang=zh')
  })

  it('keeps an empty choice of layers apart from the usual one', () => {
    const none = { ...startView('zh'), themes: new Set<never>() }
    expect(parse(format(none), 'zh').themes.size).toBe(0)
    expect(parse('#/map', 'zh').themes).toEqual(DEFAULT_THEMES)
  })

  it('carries names with characters that a link must not hold', () => {
    const odd = { ...startView('zh'), place: 'a/b?c&d', network: 'own=网' }
    expect(parse(format(odd), 'zh')).toEqual(odd)
  })

  it.each([
    '',
    '#',
    '#/',
    '#/nowhere/%E0%A4%A?at=x,y,z&level=99&selection=people/1&layers=gold&lang=fr',
    '#/map?at=1,2',
    '#/map?at=,,',
    '#/map?at=200,95,4',
    '#/map?selection=grids/1e9',
  ])('leaves what cannot be read at its default: %s', (hash) => {
    const view = parse(hash, 'zh')
    expect({ ...view, themes: DEFAULT_THEMES }).toEqual(startView('zh'))
  })

  it('holds the camera inside the world and the zooms of the map', () => {
    expect(parse('#/map?at=1,2,99,0,80', 'zh').camera).toEqual({
      longitude: 1,
      latitude: 2,
      zoom: 22,
      bearing: 0,
      pitch: 60,
    })
  })

  it('carries the open plan and the day, and leaves out what is none', () => {
    const view: View = { ...startView('zh'), room: 'plans', place: 'nanjie', plan: 12, day: '2026-10-31' }
    expect(format(view)).toContain('plan=12&day=2026-10-31')
    expect(parse(format(view), 'en')).toEqual(view)
    for (const wrong of ['plan=x&day=yesterday', 'plan=-1&day=2026-02-30', 'plan=&day=']) {
      const read = parse(`#/plans/nanjie?${wrong}`, 'zh')
      expect([read.plan, read.day]).toEqual([undefined, undefined])
    }
  })
})
