/** What of an answer about hotspots the map shows. */

import type { Feature, FeatureCollection } from 'geojson'

import type { HotspotAnswer } from '../../api/hotspots'
import type { Hotspots } from '../../state/hotspots'
import { valueOf } from '../../state/resource'
import type { Theme } from '../../state/view'

const NEUTRAL = '#f7f7f7'
const STEP_COLOURS: Readonly<Record<string, string>> = { h: '#b2182b', c: '#2166ac' }

/** The answer, the ground of the chosen place, and where a station is suggested. */
export function findingsOfHotspots(hotspots: Hotspots): FeatureCollection {
  const answer = hotspots.shown.value
  if (!answer) return { type: 'FeatureCollection', features: [] }
  const features = classedFeatures(answer, hotspots.step.value)
  const spot = hotspots.spot.value
  if (spot) features.push({ type: 'Feature', properties: { finds: 'outline' }, geometry: spot.geometry })
  for (const { lon, lat, rank } of valueOf(hotspots.placement.loaded.value)?.places ?? []) {
    features.push({
      type: 'Feature',
      properties: { finds: 'post', open: true, rank },
      geometry: { type: 'Point', coordinates: [lon, lat] },
    })
  }
  return { type: 'FeatureCollection', features }
}

/** What would hide an answer, or be taken for a part of it. */
export function hiddenBy({ features }: FeatureCollection): readonly Theme[] {
  if (features.length === 0) return []
  // Incidents by cluster are points of colour, as resource points are.
  const areDots = features.some((feature) => feature.properties?.['finds'] === 'dot')
  return areDots ? ['incidents', 'resource-points'] : ['incidents']
}

/** The answer about the window before, for the other side of the swipe: in the same classes. */
export function findingsBefore(hotspots: Hotspots): FeatureCollection {
  const before = valueOf(hotspots.before.loaded.value)
  const answer = hotspots.shown.value
  if (!before || !answer) return { type: 'FeatureCollection', features: [] }
  return { type: 'FeatureCollection', features: classedFeatures(inClassesOf(answer, before), null) }
}

/** Counts get the limits of the other answer, so that a colour means the same on both sides. */
function inClassesOf(answer: HotspotAnswer, before: HotspotAnswer): HotspotAnswer {
  const rising = answer.legend.filter((entry) => entry.least !== undefined)
  if (answer.method !== 'counts' || rising.length === 0) return before
  const lowest = Math.min(...rising.map((entry) => entry.class))
  const classOf = (count: number) =>
    rising.find((entry) => count >= (entry.least ?? 0))?.class ?? (count > 0 ? lowest : 0)
  const features = before.features.map((cell) => ({
    ...cell,
    properties: { ...cell.properties, class: classOf(cell.properties.count ?? 0) },
  }))
  return { ...before, legend: answer.legend, features }
}

function classedFeatures(answer: HotspotAnswer, step: number | null): Feature[] {
  const colours = new Map(answer.legend.map((entry) => [entry.class, entry.colour]))
  return answer.features.map(({ geometry, properties }) => {
    const sign = step === null ? null : (properties.steps?.[step] ?? '.')
    const colour = sign === null ? colours.get(properties.class) : STEP_COLOURS[sign]
    const quiet = sign === null ? properties.class === 0 : sign === '.'
    return {
      type: 'Feature',
      properties: { finds: findsOf(geometry.type), colour: colour ?? NEUTRAL, quiet },
      geometry,
    }
  })
}

function findsOf(type: string): string {
  if (type.endsWith('Point')) return 'dot'
  return type.endsWith('LineString') ? 'stretch' : 'cell'
}
