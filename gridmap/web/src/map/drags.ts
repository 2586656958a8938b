/** Something on the map is taken hold of and moved, by mouse or one finger. */

import type { Map as MapLibreMap, MapMouseEvent, MapTouchEvent } from 'maplibre-gl'

import type { Input } from './input'

/** Tell of drags that somebody wants; the map itself stays where it is. Gives whether one is on. */
export function listenToDrags(map: MapLibreMap, heard: (input: Input) => boolean | void): () => boolean {
  let stop: (() => void) | null = null
  const spot = ({ clientX, clientY }: { clientX: number; clientY: number }): [number, number] => {
    const { left, top } = map.getContainer().getBoundingClientRect()
    return map.unproject([clientX - left, clientY - top]).toArray()
  }

  const begin = (event: MapMouseEvent | MapTouchEvent, touch: boolean) => {
    if (stop || !heard({ kind: 'grab', at: event.lngLat.toArray(), touch })) return
    event.preventDefault()
    const abort = new AbortController()
    const { signal } = abort
    stop = () => {
      abort.abort()
      stop = null
    }
    const end = (at: [number, number] | null) => {
      stop?.()
      heard(at ? { kind: 'drop', at } : { kind: 'cancel' })
    }
    if (touch) {
      const first = (moved: TouchEvent) => moved.changedTouches[0]
      window.addEventListener('touchmove', (moved) => {
        const finger = first(moved)
        if (moved.touches.length > 1) end(null)
        else if (finger) heard({ kind: 'drag', at: spot(finger) })
      }, { signal })
      window.addEventListener('touchend', (moved) => {
        const finger = first(moved)
        end(finger ? spot(finger) : null)
      }, { signal })
      window.addEventListener('touchcancel', () => end(null), { signal })
    } else {
      window.addEventListener('mousemove', (moved) => heard({ kind: 'drag', at: spot(moved) }), { signal })
      window.addEventListener('mouseup', (moved) => end(spot(moved)), { signal })
      window.addEventListener('blur', () => end(null), { signal })
    }
  }
  map.on('mousedown', (event) => {
    if (event.originalEvent.button === 0) begin(event, false)
  })
  map.on('touchstart', (event) => {
    if (event.points.length === 1) begin(event, true)
  })
  return () => stop !== null
}
