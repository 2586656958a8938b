/** Reading a plan with everything that lies on the desk when it is open. */

import { readAreas, readLineage, readLog, readPlan } from '../api/plans'

import type { OpenPlan } from './draft'

export async function readOpenPlan(id: number): Promise<OpenPlan> {
  const [plan, features, log] = await Promise.all([readPlan(id), readAreas(id), readLog(id)])
  const lineage = plan.valid_from === null ? [] : await readLineage(id)
  return { plan, areas: new Map(features.map((area) => [area.id, area])), log, lineage }
}
