/** What of an answer about hotspots the map shows. */

import type { Feature, FeatureCollection } from 'geojson'

import type { Hotspots } from '../../state/hotspots'
import { valueOf } from '../../state/resource'

export function findingsOfHotspots(hotspots: Hotspots): FeatureCollection {
  const answer = valueOf(hotspots.answer.loaded.value)
  const cells = answer?.cells.features ?? []
  const chosen = hotspots.chosen.value
  const outlined = new Set(chosen === null ? [] : answer?.hotspots[chosen]?.cells)
  const features: Feature[] = cells.map((cell) => ({
    type: 'Feature',
    properties: { finds: 'cell', class: cell.properties.class },
    geometry: cell.geometry,
  }))
  for (const { id, geometry } of cells) {
    if (outlined.has(id)) features.push({ type: 'Feature', properties: { finds: 'outline' }, geometry })
  }
  return { type: 'FeatureCollection', features }
}
