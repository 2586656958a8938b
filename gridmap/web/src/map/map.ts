/** The map: the only place that knows MapLibre's map object. */

import {
  AttributionControl,
  Map as MapLibreMap,
  ScaleControl,
  setWorkerUrl,
  type GeoJSONSource,
  type StyleSpecification,
} from 'maplibre-gl'
import 'maplibre-gl/dist/maplibre-gl.css'
import worker from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url'

import type { Feature } from 'geojson'

import type { StyleDocument } from '../api/nouns'
import type { Spot } from '../api/plans'
import type { Bounds } from '../geometry/bounds'
import type { Camera } from '../state/view'

import { cameraOf, isNear } from './camera'
import { dress, metadataOf } from './dress'
import { listen, type Handle, type Input } from './input'
import { legendOf, type Legend } from './legend'
import type { Look } from './look'
import { offer, pictureOf } from './picture'
import { readsPmtiles, usePmtiles } from './pmtiles'
import { SKETCH, sketchOf, withSketch } from './plan'

export interface Fit {
  readonly animate: boolean
  readonly closest?: number
  /** Names stand beside the markers of places and need room of their own. */
  readonly withNames?: boolean
}

export interface MapView {
  /** Draw a style of the service in a look; only what changed is drawn anew. */
  show(style: StyleDocument, look: Look): void
  /** Stand exactly there, at once. */
  stand(camera: Camera): void
  /** Go to where these bounds fill the map. */
  fit(bounds: Bounds, how: Fit): void
  approach(at: readonly [number, number], closer: number): void
  zoomBy(steps: number): void
  highlight(handle: Handle | null): void
  /** A line or ring under way, above everything; no points remove it. */
  sketch(points: readonly Spot[], closed: boolean): void
  /** What is held or pulled, in the place of a line under way; nothing removes it. */
  trace(features: readonly Feature[]): void
  cursor(kind: 'grab' | 'grabbing' | null): void
  /** While something is drawn, a double click is no zoom. */
  drawing(on: boolean): void
  /** Pixels between two points of the earth. */
  distance(a: Spot, b: Spot): number
  /** The point of the earth that is seen at a point of the window; nothing beside the map. */
  spotAt(x: number, y: number): Spot | null
  describe(label: string): void
  /** Offer what is seen as a PNG. */
  savePicture(name: string): void
  remove(): void
  focus(): void
  /** Ask for everything again, after trouble. */
  reload(): void
}

export interface MapEvents {
  moved(camera: Camera): void
  /** Under way, at every picture. */
  moving?(camera: Camera): void
  input(input: Input): boolean | void
  /** Everything that was asked for is drawn. */
  idle(): void
  trouble(error: unknown): void
}

const FONTS = '"Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", sans-serif'
const WIDE = 480

/**
 * Make the map inside an element. Its attribute `data-idle` is there while everything that was asked
 * for is drawn.
 *
 * Throws where the browser has no WebGL.
 */
export function createMap(container: HTMLElement, events: MapEvents): MapView {
  setWorkerUrl(worker)
  const calm = matchMedia('(prefers-reduced-motion: reduce)').matches
  const map = new MapLibreMap({
    container,
    style: { version: 8, sources: {}, layers: [] },
    center: [110.5, 31.5],
    zoom: 3.6,
    maxZoom: 20,
    maxPitch: 60,
    attributionControl: false,
    renderWorldCopies: false,
    localIdeographFontFamily: FONTS,
    fadeDuration: calm ? 0 : 200,
  })
  map.addControl(new ScaleControl({ maxWidth: 96 }), 'bottom-left')
  let shown: StyleSpecification | null = null
  let settled = false
  let credited = false
  let highlighted: Handle | null = null
  let sketched = sketchOf([], false)

  const busy = () => {
    container.removeAttribute('data-idle')
    // Even what changes nothing ends in an idle map.
    map.triggerRepaint()
  }
  /** A style can be compared with the one before only when that one is there. */
  const put = (style: StyleSpecification, { whole }: { whole: boolean }) => {
    const diff = settled && !whole
    if (!diff) settled = false
    map.setStyle(style, { diff })
  }
  map.on('style.load', () => {
    settled = true
  })
  map.on('movestart', busy)
  map.on('dataloading', busy)
  map.on('idle', () => {
    if (!shown) return
    container.setAttribute('data-idle', '')
    events.idle()
  })
  map.on('moveend', () => events.moved(cameraOf(map)))
  if (events.moving) map.on('move', () => events.moving?.(cameraOf(map)))
  map.on('error', (event) => {
    const { sourceId } = event as { sourceId?: string }
    // A base map that cannot be reached leaves the map usable.
    if (sourceId?.startsWith('basemap')) return
    events.trouble(event.error)
  })
  listen(map, events.input)

  return {
    show(style, look) {
      busy()
      const own = style as unknown as StyleSpecification
      const draw = () => {
        shown = withSketch(dress(own, look), sketched)
        put(shown, { whole: false })
      }
      if (metadataOf(own)['gridmap:basemap'] === 'pmtiles' && !readsPmtiles()) {
        usePmtiles().then(draw, events.trouble)
      } else draw()
      if (!credited && metadataOf(own)['gridmap:basemap'] !== 'blank') {
        credited = true
        map.addControl(new AttributionControl({ compact: true }), 'bottom-right')
      }
    },
    stand(camera) {
      const now = cameraOf(map)
      if (isNear(now, camera)) return
      busy()
      map.jumpTo({
        center: [camera.longitude, camera.latitude],
        zoom: camera.zoom,
        bearing: camera.bearing,
        pitch: camera.pitch,
      })
    },
    fit([west, south, east, north], { animate, closest = 18, withNames = false }) {
      busy()
      map.fitBounds([west, south, east, north], {
        padding: marginOf(container, withNames),
        maxZoom: closest,
        animate: animate && !calm,
        duration: 900,
      })
    },
    approach(at, closer) {
      map.easeTo({ center: [at[0], at[1]], zoom: map.getZoom() + closer, animate: !calm })
    },
    zoomBy(steps) {
      map.easeTo({ zoom: Math.round(map.getZoom() + steps), animate: !calm, duration: 250 })
    },
    highlight(handle) {
      if (sameHandle(highlighted, handle)) return
      if (highlighted && map.getSource(highlighted.source)) {
        map.removeFeatureState(highlighted, 'hover')
      }
      highlighted = handle
      if (handle) map.setFeatureState(handle, { hover: true })
    },
    sketch(points, closed) {
      sketched = sketchOf(points, closed)
      map.getSource<GeoJSONSource>(SKETCH)?.setData(sketched)
    },
    trace(features) {
      sketched = { type: 'FeatureCollection', features: [...features] }
      map.getSource<GeoJSONSource>(SKETCH)?.setData(sketched)
    },
    cursor(kind) {
      map.getCanvas().style.cursor = kind ?? ''
    },
    drawing(on) {
      container.toggleAttribute('data-drawing', on)
      if (on) map.doubleClickZoom.disable()
      else map.doubleClickZoom.enable()
    },
    distance(a, b) {
      const [one, other] = [map.project([...a]), map.project([...b])]
      return Math.hypot(one.x - other.x, one.y - other.y)
    },
    spotAt(x, y) {
      if (!container.contains(document.elementFromPoint(x, y))) return null
      const { left, top } = container.getBoundingClientRect()
      return map.unproject([x - left, y - top]).toArray()
    },
    describe(label) {
      map.getCanvas().setAttribute('aria-label', label)
    },
    savePicture(name) {
      void pictureOf(map).then((blob) => blob && offer(blob, name))
    },
    remove: () => map.remove(),
    focus() {
      map.getCanvas().focus()
    },
    reload() {
      busy()
      if (shown) put(shown, { whole: true })
    },
  }
}

/** Pixels to keep free around what the map goes to; buttons lie over the top of a narrow one. */
function marginOf({ clientWidth }: HTMLElement, withNames: boolean) {
  if (clientWidth > WIDE) {
    return withNames ? { top: 70, bottom: 70, left: 60, right: 180 } : 36
  }
  return withNames
    ? { top: 76, bottom: 84, left: 48, right: 100 }
    : { top: 64, bottom: 30, left: 18, right: 18 }
}

/** The legend of a style of the service. */
export function legend(style: StyleDocument): Legend {
  return legendOf(style as unknown as StyleSpecification)
}

function sameHandle(a: Handle | null, b: Handle | null): boolean {
  return a?.source === b?.source && a?.sourceLayer === b?.sourceLayer && a?.id === b?.id
}
