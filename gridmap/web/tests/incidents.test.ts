import { expect, it } from 'vitest'

import type { IncidentProperties, Item } from '../src/api/nouns'
import { byCategory, byMonth, isOpen, latest } from '../src/state/incidents'

const incident = (id: number, members: Partial<IncidentProperties>): Item<IncidentProperties> => ({
  type: 'Feature',
  id,
  geometry: { type: 'Point', coordinates: [0, 0] },
  properties: {
    place: null,
    code: null,
    category: 'hazard',
    severity: 1,
    channel: 'patrol',
    state: 'reported',
    title: null,
    reported_at: '2026-01-01T00:00:00Z',
    due_at: null,
    closed_at: null,
    updated_at: '2026-01-01T00:00:00Z',
    ...members,
  },
})

it('puts the latest first, whatever the zone in which its time is written', () => {
  const early = incident(1, { reported_at: '2026-01-01T09:00:00+08:00' })
  const late = incident(2, { reported_at: '2026-01-01T02:00:00Z' })
  expect(latest([early, late]).map(({ id }) => id)).toEqual([2, 1])
})

it('counts months in China’s time, and those in which nothing happened', () => {
  const months = byMonth([
    incident(1, { reported_at: '2025-11-30T18:00:00Z' }), // already December
    incident(2, { reported_at: '2026-02-10T00:00:00Z' }),
  ])
  expect(months).toEqual([
    { value: '2025-12', count: 1 },
    { value: '2026-01', count: 0 },
    { value: '2026-02', count: 1 },
  ])
  expect(byMonth([])).toEqual([])
})

it('lists the most frequent category first', () => {
  const counted = byCategory([
    incident(1, { category: 'fire' }),
    incident(2, {}),
    incident(3, {}),
  ])
  expect(counted.map(({ value }) => value)).toEqual(['hazard', 'fire'])
})

it('holds an incident for open until somebody has dealt with it', () => {
  expect(isOpen(incident(1, { state: 'in progress' }))).toBe(true)
  expect(isOpen(incident(1, { state: 'resolved' }))).toBe(false)
})
