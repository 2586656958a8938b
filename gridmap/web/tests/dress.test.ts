import type { LayerSpecification, StyleSpecification } from 'maplibre-gl'
import { describe, expect, it } from 'vitest'

import { dress } from '../src/map/dress'
import { legendOf } from '../src/map/legend'
import { NO_FEATURES, type Look } from '../src/map/look'
import { DEFAULT_THEMES } from '../src/state/view'

const level = ['all', ['==', ['get', 'network'], 'governance'], ['==', ['get', 'level'], 2]]

function areaLayer(id: string, type: string, theme: string, members: object): object {
  return {
    id,
    type,
    source: 'areas',
    'source-layer': 'grids',
    metadata: { 'gridmap:theme': theme, 'gridmap:shows': 'level' },
    filter: level,
    ...members,
  }
}

const style = {
  version: 8,
  name: 'gridmap',
  metadata: { 'gridmap:basemap': 'blank' },
  sources: { areas: { type: 'vector', url: 'http://here/tiles/grids/tilejson.json' } },
  layers: [
    areaLayer('grids-households', 'fill', 'households', {
      paint: { 'fill-color': ['step', ['get', 'households'], 'c0', 1, 'c1', 2, 'c2', 3, 'c3', 4, 'c4'] },
    }),
    { ...areaLayer('grids-above', 'line', 'grids', {}), metadata: { 'gridmap:theme': 'grids', 'gridmap:shows': 'above' } },
    areaLayer('grids-name', 'symbol', 'grids', { layout: { 'text-field': 'x' } }),
    { id: 'buildings', type: 'fill', source: 'areas', 'source-layer': 'buildings', metadata: { 'gridmap:theme': 'buildings' }, paint: { 'fill-color': ['match', ['get', 'usage'], 'school', 'yellow', 'grey'] } },
    { id: 'buildings-raised', type: 'fill-extrusion', source: 'areas', 'source-layer': 'buildings', metadata: { 'gridmap:theme': 'raised' } },
  ],
} as unknown as StyleSpecification

const look: Look = {
  language: 'zh',
  themes: DEFAULT_THEMES,
  network: 'police',
  level: 3,
  classes: { breaks: [10, 20], least: 1, most: 30 },
  places: [],
  gridNames: NO_FEATURES,
  territoryNames: null,
  landUseNames: null,
  selected: null,
  selection: null,
}

const layerOf = (made: StyleSpecification, id: string) =>
  made.layers.find((layer) => layer.id === id) as LayerSpecification & Record<string, unknown>
const visibility = (made: StyleSpecification, id: string) =>
  (layerOf(made, id).layout as { visibility?: string }).visibility

describe('a dressed style', () => {
  const made = dress(style, look)

  it('shows the chosen network and level, and the levels above it', () => {
    expect(layerOf(made, 'grids-households').filter).toEqual([
      'all',
      ['==', ['get', 'network'], 'police'],
      ['==', ['get', 'level'], 3],
    ])
    expect(JSON.stringify(layerOf(made, 'grids-above').filter)).toContain('["<",["get","level"],3]')
  })

  it('colours by the classes of what is shown, from the lightest to the darkest', () => {
    expect(layerOf(made, 'grids-households').paint).toEqual({
      'fill-color': ['step', ['get', 'households'], 'c0', 10, 'c2', 20, 'c4'],
    })
  })

  it('takes the names from points of their own, or from the tiles where there are none', () => {
    expect(layerOf(made, 'grids-name')).toMatchObject({ source: 'grid-names' })
    expect(layerOf(made, 'grids-name')['source-layer']).toBeUndefined()
    expect(layerOf(dress(style, { ...look, gridNames: null }), 'grids-name').source).toBe('areas')
  })

  it('raises buildings in the place of the flat ones', () => {
    expect(visibility(made, 'buildings')).toBe('visible')
    expect(visibility(made, 'buildings-raised')).toBe('none')
    const raised = dress(style, { ...look, themes: new Set(['buildings', 'raised']) })
    expect(visibility(raised, 'buildings')).toBe('none')
    expect(visibility(raised, 'buildings-raised')).toBe('visible')
    const off = dress(style, { ...look, themes: new Set(['raised']) })
    expect(visibility(off, 'buildings-raised')).toBe('none')
  })

  it('leaves the style of the service as it was', () => {
    const before = JSON.stringify(style)
    dress(style, look)
    expect(JSON.stringify(style)).toBe(before)
  })

  it('draws the sketch of the overview only where there is no base map', () => {
    expect(made.sources['orientation']).toBeDefined()
    const osm = { ...style, metadata: { 'gridmap:basemap': 'osm' } }
    expect(dress(osm, look).sources['orientation']).toBeUndefined()
  })
})

it('reads the legend from the style', () => {
  const legend = legendOf(style)
  expect(legend.usage).toEqual([{ value: 'school', colour: 'yellow' }])
  expect(legend.households(1)).toEqual(['c1'])
  expect(legend.households(5)).toEqual(['c0', 'c1', 'c2', 'c3', 'c4'])
})
