/** The rings of an area. */

import type { Geometry, Position } from 'geojson'

export function rings(geometry: Geometry): readonly Position[][] {
  if (geometry.type === 'Polygon') return geometry.coordinates
  return geometry.type === 'MultiPolygon' ? geometry.coordinates.flat() : []
}

/** The same area with every ring mapped. */
export function withRings(geometry: Geometry, map: (ring: Position[]) => Position[]): Geometry {
  if (geometry.type === 'Polygon') return { ...geometry, coordinates: geometry.coordinates.map(map) }
  if (geometry.type !== 'MultiPolygon') return geometry
  return { ...geometry, coordinates: geometry.coordinates.map((part) => part.map(map)) }
}
