/** Bounding boxes as (west, south, east, north) in degrees. */

import type { Geometry, Position } from 'geojson'

export type Bounds = readonly [west: number, south: number, east: number, north: number]

/** The box around both. */
export function union(a: Bounds, b: Bounds): Bounds {
  return [Math.min(a[0], b[0]), Math.min(a[1], b[1]), Math.max(a[2], b[2]), Math.max(a[3], b[3])]
}

/** The box around a geometry; nothing for an empty one, or for none. */
export function boundsOf(geometry: Geometry | null): Bounds | null {
  if (!geometry) return null
  let bounds: Bounds | null = null
  for (const [x, y] of positions(geometry)) {
    if (x === undefined || y === undefined) continue
    const here: Bounds = [x, y, x, y]
    bounds = bounds ? union(bounds, here) : here
  }
  return bounds
}

export function middleOf(bounds: Bounds): [number, number] {
  return [(bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2]
}

function* positions(geometry: Geometry): Generator<Position> {
  switch (geometry.type) {
    case 'Point':
      yield geometry.coordinates
      break
    case 'MultiPoint':
    case 'LineString':
      yield* geometry.coordinates
      break
    case 'MultiLineString':
    case 'Polygon':
      for (const line of geometry.coordinates) yield* line
      break
    case 'MultiPolygon':
      for (const polygon of geometry.coordinates) for (const ring of polygon) yield* ring
      break
    case 'GeometryCollection':
      for (const part of geometry.geometries) yield* positions(part)
  }
}
