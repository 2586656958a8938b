/**
 * Something to find one's way by when there is no base map: lines of longitude and latitude, the two
 * long rivers, and some cities. A sketch for the overview, true to some tens of kilometres; it has no
 * boundaries, makes no claim to any, and disappears when one comes close.
 */

import type { Feature, FeatureCollection, Position } from 'geojson'

const YELLOW: Position[] = [
  [96.2, 34.9], [98.2, 34.9], [100.2, 33.7], [102.1, 33.6], [100.9, 35.3], [101.5, 36.0],
  [103.8, 36.1], [105.2, 37.5], [106.4, 38.5], [106.8, 39.6], [107.2, 40.6], [109.0, 40.7],
  [110.9, 40.3], [111.1, 39.3], [110.5, 37.6], [110.4, 35.8], [110.3, 34.6], [112.4, 34.9],
  [114.3, 34.9], [115.4, 35.6], [117.0, 36.8], [118.3, 37.5], [119.1, 37.8],
]
const YANGTZE: Position[] = [
  [94.6, 34.1], [97.0, 33.0], [98.6, 31.6], [99.1, 29.8], [99.4, 28.2], [100.0, 26.9], [100.4, 27.6],
  [100.6, 26.5], [101.7, 26.5], [103.0, 26.3], [103.6, 27.9], [104.6, 28.8], [106.5, 29.6],
  [108.4, 30.8], [110.4, 31.0], [111.3, 30.6], [112.3, 30.2], [113.1, 29.5], [114.3, 30.6],
  [115.3, 30.1], [116.1, 29.8], [117.1, 30.5], [118.4, 31.4], [118.8, 32.1], [120.3, 32.0],
  [121.6, 31.5],
]
const CITIES: readonly (readonly [zh: string, en: string, longitude: number, latitude: number])[] = [
  ['北京', 'Beijing', 116.4, 39.9],
  ['呼和浩特', 'Hohhot', 111.75, 40.84],
  ['西安', "Xi'an", 108.94, 34.34],
  ['兰州', 'Lanzhou', 103.83, 36.06],
  ['成都', 'Chengdu', 104.07, 30.67],
  ['武汉', 'Wuhan', 114.3, 30.59],
  ['上海', 'Shanghai', 121.47, 31.23],
  ['长沙', 'Changsha', 112.94, 28.23],
  ['昆明', 'Kunming', 102.71, 25.04],
  ['广州', 'Guangzhou', 113.26, 23.13],
  ['福州', 'Fuzhou', 119.3, 26.08],
]

function line(kind: string, coordinates: Position[], name = '', name_en = ''): Feature {
  return {
    type: 'Feature',
    properties: { kind, name, name_en },
    geometry: { type: 'LineString', coordinates },
  }
}

/** A curve through the points (Catmull–Rom), because rivers do not turn in corners. */
function smooth(points: Position[]): Position[] {
  const at = (i: number) => points[Math.max(0, Math.min(points.length - 1, i))]!
  return points.flatMap((point, i) => {
    if (i === points.length - 1) return [point]
    const [a, b, c, d] = [at(i - 1), at(i), at(i + 1), at(i + 2)]
    return [0, 0.2, 0.4, 0.6, 0.8].map((t) =>
      [0, 1].map((axis) => {
        const [p, q, r, s] = [a[axis]!, b[axis]!, c[axis]!, d[axis]!]
        return (
          0.5 *
          (2 * q + (r - p) * t + (2 * p - 5 * q + 4 * r - s) * t ** 2 + (3 * q - p - 3 * r + s) * t ** 3)
        )
      }),
    )
  })
}

function graticule(): Feature[] {
  const lines: Feature[] = []
  for (let longitude = 60; longitude <= 150; longitude += 10) {
    lines.push(line('graticule', [[longitude, 0], [longitude, 65]], `${longitude}°E`))
  }
  for (let latitude = 0; latitude <= 60; latitude += 10) {
    const west: Position[] = Array.from({ length: 91 }, (_, i) => [60 + i, latitude])
    lines.push(line('graticule', west, `${latitude}°N`))
  }
  return lines
}

export const ORIENTATION: FeatureCollection = {
  type: 'FeatureCollection',
  features: [
    ...graticule(),
    line('river', smooth(YELLOW), '黄河', 'Yellow River'),
    line('river', smooth(YANGTZE), '长江', 'Yangtze'),
    ...CITIES.map(
      ([name, name_en, longitude, latitude]): Feature => ({
        type: 'Feature',
        properties: { kind: 'city', name, name_en },
        geometry: { type: 'Point', coordinates: [longitude, latitude] },
      }),
    ),
  ],
}
