/** Pointer and keyboard on the map, in words of our own: what was hit, and where. */

import type { Map as MapLibreMap, MapGeoJSONFeature, PointLike } from 'maplibre-gl'

import type { SelectableLayer } from '../state/view'

import { listenToDrags } from './drags'
import { PLACES } from './overview'

export type Hit =
  | { readonly kind: 'place'; readonly key: string; readonly handle: Handle }
  | { readonly kind: 'cluster'; readonly handle: Handle }
  | {
      readonly kind: 'feature'
      readonly layer: SelectableLayer
      readonly id: number
      readonly handle: Handle
    }

/** How MapLibre finds a feature again, to highlight it. */
export interface Handle {
  readonly source: string
  readonly sourceLayer?: string
  readonly id: number
}

export type Input =
  | {
      readonly kind: 'press'
      readonly at: readonly [number, number]
      readonly hit: Hit | null
      /** The key that pressed at the centre, when it was one. */
      readonly key?: 'Enter' | ' '
    }
  | { readonly kind: 'hover'; readonly at: readonly [number, number]; readonly hit: Hit | null }
  | { readonly kind: 'leave' }
  /** Something may be taken hold of here; whoever does answers `true` and gets `drag` and `drop`. */
  | { readonly kind: 'grab'; readonly at: readonly [number, number]; readonly touch: boolean }
  | { readonly kind: 'drag'; readonly at: readonly [number, number] }
  | { readonly kind: 'drop'; readonly at: readonly [number, number] }
  | { readonly kind: 'cancel' }
  /** The map was moved; `at` is its middle now. */
  | { readonly kind: 'moved'; readonly at: readonly [number, number] }

/** Layers that answer to a pointer, the nearest to the eye first, and whose features they hold. */
const TARGETS: readonly (readonly [layer: string, holds: SelectableLayer | 'place'])[] = [
  [PLACES, 'place'],
  ['places-name', 'place'],
  ['resource-points', 'resource-points'],
  ['resource-points-cluster', 'resource-points'],
  ['incidents', 'incidents'],
  ['incidents-cluster', 'incidents'],
  ['grids-name', 'grids'],
  ['buildings', 'buildings'],
  ['buildings-raised', 'buildings'],
  ['grids-hover', 'grids'],
  ['territories-name', 'territories'],
  ['territories-fill', 'territories'],
]
/** From afar a press means the grid, not one of its small buildings. */
const BUILDINGS_FROM = 16.3
const REACH = 6

/** Turn the events of a map into inputs. */
export function listen(map: MapLibreMap, heard: (input: Input) => boolean | void): void {
  let waiting = false
  const isDragging = listenToDrags(map, heard)
  map.on('move', () => heard({ kind: 'moved', at: map.getCenter().toArray() }))
  map.on('click', (event) => {
    heard({ kind: 'press', at: event.lngLat.toArray(), hit: hitAt(map, event.point) })
  })
  map.on('mousemove', (event) => {
    if (waiting || isDragging()) return
    waiting = true
    const { point, lngLat } = event
    requestAnimationFrame(() => {
      waiting = false
      const hit = map.isMoving() ? null : hitAt(map, point)
      map.getCanvas().style.cursor = hit ? 'pointer' : ''
      if (!isDragging()) heard({ kind: 'hover', at: lngLat.toArray(), hit })
    })
  })
  map.on('mouseout', () => heard({ kind: 'leave' }))
  map.getCanvas().addEventListener('keydown', (event) => {
    const { key } = event
    if (key !== 'Enter' && key !== ' ') return
    event.preventDefault()
    const { clientWidth, clientHeight } = map.getContainer()
    const middle: [number, number] = [clientWidth / 2, clientHeight / 2]
    heard({ kind: 'press', at: map.getCenter().toArray(), hit: hitAt(map, middle), key })
  })
}

function hitAt(map: MapLibreMap, point: PointLike): Hit | null {
  const [x, y] = Array.isArray(point) ? point : [point.x, point.y]
  const layers = TARGETS.map(([layer]) => layer).filter(
    (layer) =>
      map.getLayer(layer) && (!layer.startsWith('buildings') || map.getZoom() >= BUILDINGS_FROM),
  )
  const exact = map.queryRenderedFeatures([x, y], { layers })
  const near = map
    .queryRenderedFeatures(
      [
        [x - REACH, y - REACH],
        [x + REACH, y + REACH],
      ],
      { layers },
    )
    .filter((feature) => feature.geometry.type === 'Point')
  return first([...near, ...exact])
}

function first(features: readonly MapGeoJSONFeature[]): Hit | null {
  for (const [layer, holds] of TARGETS) {
    const feature = features.find((item) => item.layer.id === layer)
    const hit = feature && hitOf(feature, holds)
    if (hit) return hit
  }
  return null
}

function hitOf(feature: MapGeoJSONFeature, holds: SelectableLayer | 'place'): Hit | null {
  const handle: Handle = {
    source: feature.source,
    ...(feature.sourceLayer ? { sourceLayer: feature.sourceLayer } : {}),
    id: Number(feature.id ?? -1),
  }
  if (holds === 'place') return { kind: 'place', key: String(feature.properties['key']), handle }
  if ('count' in feature.properties) return { kind: 'cluster', handle }
  if (feature.id === undefined) return null
  // The name of a grid stands for the whole grid.
  if (feature.source === 'grid-names') {
    const area = { source: 'areas', sourceLayer: 'grids', id: handle.id }
    return { kind: 'feature', layer: 'grids', id: handle.id, handle: area }
  }
  return { kind: 'feature', layer: holds, id: handle.id, handle }
}
