/** Which area a point lies in. */

import type { Geometry, Position } from 'geojson'

/** Whether a point lies inside a polygon or one of several; their holes are outside. */
export function contains(geometry: Geometry, [x, y]: readonly [number, number]): boolean {
  if (geometry.type === 'Polygon') return isInside(geometry.coordinates, x, y)
  if (geometry.type !== 'MultiPolygon') return false
  return geometry.coordinates.some((rings) => isInside(rings, x, y))
}

function isInside(rings: readonly Position[][], x: number, y: number): boolean {
  let inside = false
  for (const ring of rings) {
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
      const [ax = 0, ay = 0] = ring[i]!
      const [bx = 0, by = 0] = ring[j]!
      if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside
    }
  }
  return inside
}
