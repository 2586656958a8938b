/** Where the map stands, as the rest of the page knows it. */

import type { Map as MapLibreMap } from 'maplibre-gl'

import type { Camera } from '../state/view'

export function cameraOf(map: MapLibreMap): Camera {
  const { lng, lat } = map.getCenter()
  return {
    longitude: lng,
    latitude: lat,
    zoom: map.getZoom(),
    bearing: map.getBearing(),
    pitch: map.getPitch(),
  }
}

/** Whether two cameras are one, up to the rounding of a permalink. */
export function isNear(a: Camera, b: Camera): boolean {
  return (
    Math.abs(a.longitude - b.longitude) < 1e-6 &&
    Math.abs(a.latitude - b.latitude) < 1e-6 &&
    Math.abs(a.zoom - b.zoom) < 0.0006 &&
    Math.abs(a.bearing - b.bearing) < 0.06 &&
    Math.abs(a.pitch - b.pitch) < 0.06
  )
}
