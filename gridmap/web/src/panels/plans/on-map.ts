/** What of the open plan the map shows. */

import type { Feature, FeatureCollection, Geometry, Position } from 'geojson'

import { Problem } from '../../api/client'
import type { Finding } from '../../api/plans'
import type { Speech } from '../../i18n/language'
import { saidIn } from '../../i18n/refusals'
import type { Key } from '../../i18n/zh'
import type { PlanLook } from '../../map/plan'
import type { Plans } from '../../state/desk'
import { changedAt, profileOf } from '../../state/draft'
import { classesOf, figureOf } from '../../state/figures'

import { OF_GRID } from './Findings'

/** Grids, preview, and what is wrong where, in words; nothing when no plan is open. */
export function lookOfPlan(plans: Plans, words: Speech, proposed: readonly Feature[]): PlanLook | null {
  const open = plans.open.value
  if (!open) return null
  const level = plans.level.value
  const figure = plans.figure.value
  const profile = profileOf(open.plan, level)
  const outcome = plans.preview.value?.outcome
  const changed = new Set(outcome && changedAt(outcome, level).map(({ id }) => id))
  return {
    areas: {
      type: 'FeatureCollection',
      features: [...open.areas.values()].map((area) => ({
        ...area,
        properties: { ...area.properties, figure: figureOf(area, figure, profile) ?? 0 },
      })),
    },
    classes: classesOf(plans.areas.value, figure, profile),
    preview: {
      type: 'FeatureCollection',
      features: outcome?.areas.filter((area) => changed.has(area.id)) ?? [...proposed],
    },
    places: placesOf(plans, words),
    offers: {
      type: 'FeatureCollection',
      features: plans.preview.value
        ? []
        : plans.offers.value.flatMap(({ id, geometry }): Feature[] =>
            geometry ? [{ type: 'Feature', id, properties: {}, geometry }] : [],
          ),
    },
  }
}

function placesOf(plans: Plans, words: Speech): FeatureCollection {
  const notice = plans.notice.value
  const error = notice?.kind === 'refused' ? notice.error : null
  const faults = error instanceof Problem ? error.faults : []
  const looked = plans.finding.value
  const found = (findings: readonly Finding[], group: 'defect' | 'finding', isLoud: boolean) =>
    findings.map((item) => ({
      place: item.place,
      // Of many things to mend only the one that is looked at has its name on the map.
      text: isLoud || item === looked ? words.say(`plan.${group}.${item.kind}` as Key) : '',
      chosen: item === looked,
    }))
  const marks = [
    ...faults.map(({ place, reason }) => ({ place, text: saidIn(words, reason), chosen: false })),
    ...found(plans.proof.value?.findings.filter(({ kind }) => !OF_GRID.has(kind)) ?? [], 'finding', false),
    ...found(plans.proof.value?.defects ?? [], 'defect', true),
  ]
  return {
    type: 'FeatureCollection',
    features: marks.flatMap(({ place, text, chosen }) =>
      place
        ? [
            {
              type: 'Feature' as const,
              properties: { text, chosen },
              geometry: { type: 'Point' as const, coordinates: [...place] },
            },
          ]
        : [],
    ),
  }
}

/** The areas that stand out: those that a tool works on, or else the selected one. */
export function selectionOfPlan(plans: Plans): Geometry | null {
  // The preview has outlines of its own.
  if (plans.preview.value) return null
  const open = plans.open.value
  const selected = plans.selected.value
  const ids = plans.tool.value?.grids ?? (selected === null ? [] : [selected])
  const coordinates = ids.flatMap((id): Position[][][] => {
    const geometry = open?.areas.get(id)?.geometry
    if (geometry?.type === 'Polygon') return [geometry.coordinates]
    return geometry?.type === 'MultiPolygon' ? geometry.coordinates : []
  })
  return coordinates.length > 0 ? { type: 'MultiPolygon', coordinates } : null
}
