/** What the page asks of templates, events of teams, and rotas. */

import { change, read, send } from './client'

export interface TemplateRole {
  readonly level: string
  readonly network: string
  readonly role: string
  readonly minimum: number
  readonly maximum: number | null
  readonly several_areas: boolean
  readonly full_time: boolean
  readonly least_households: number
  readonly kinds: readonly string[]
  /** Skills or languages that whoever holds it must have. */
  readonly skills: readonly string[]
}

export interface Template {
  readonly key: string
  readonly name: string
  readonly name_en: string | null
  readonly area: { readonly network: string; readonly level: string } | null
  /** That which was seen; nothing of a new one. */
  readonly revision: number | null
  readonly roles: readonly TemplateRole[]
}

export interface Templates {
  readonly templates: readonly Template[]
  readonly roles: readonly { readonly key: string }[]
  /** Skills that people of the place have. */
  readonly skills: readonly string[]
  readonly networks: readonly {
    readonly key: string
    readonly name: string
    readonly name_en: string | null
    readonly authoritative: boolean
    readonly levels: readonly { readonly level: number; readonly name: string; readonly name_en: string }[]
  }[]
}

export interface TeamPlace {
  readonly team: string
  readonly grid_id: number
  readonly code: string
  readonly name: string
  readonly name_en: string | null
  readonly level: number
  readonly network: string
  readonly lon: number
  readonly lat: number
  readonly members: number
  /** The grid is gone on that day. */
  readonly ended: boolean
}

export interface TeamEvent {
  readonly id: number
  readonly day: string
  readonly name: string
  readonly revision: number
  readonly teams: readonly TeamPlace[]
}

export interface Teams {
  readonly activity_day: number | null
  readonly teams: readonly {
    readonly team: string
    readonly members: number
    /** All of them volunteers: the teams that usually go. */
    readonly volunteers: boolean
  }[]
}

export interface Rota {
  readonly id: number
  readonly name: string
  readonly begins: string
  readonly weeks: number
  readonly revision: number
  readonly turns: readonly { readonly week: number; readonly weekday: number; readonly team: string }[]
}

export interface Shift {
  readonly rota_id: number
  readonly rota: string
  readonly from_time: string
  readonly to_time: string
  readonly team: string
  readonly instead_of: string | null
  readonly members: readonly { readonly id: number; readonly name: string; readonly here: boolean }[]
}

export interface DutyDay {
  readonly day: string
  readonly shifts: readonly Shift[]
}

export function readTemplates(place: string, signal?: AbortSignal): Promise<Templates> {
  return read('staffing/templates', { place }, signal)
}

export function putTemplate(place: string, template: Template, actor: string): Promise<Template> {
  const { key, ...rest } = template
  return change('PUT', `staffing/templates/${part(place)}/${part(key)}`, rest, actor)
}

export function deleteTemplate(place: string, { key, revision }: Template, actor: string): Promise<void> {
  const path = `staffing/templates/${part(place)}/${part(key)}?revision=${revision ?? ''}`
  return change('DELETE', path, null, actor)
}

export function readTeams(place: string, signal?: AbortSignal): Promise<Teams> {
  return read('staffing/teams', { place }, signal)
}

export async function readEvents(place: string, signal?: AbortSignal): Promise<readonly TeamEvent[]> {
  const { events } = await read<{ events: readonly TeamEvent[] }>('staffing/events', { place }, signal)
  return events
}

export interface NewEvent {
  readonly place: string
  readonly name: string
  readonly day: string
  readonly teams: readonly string[]
  /** Grids of teams that are placed by hand. */
  readonly fixed?: Readonly<Record<string, number>>
  readonly network?: string
  readonly level?: number
}

export function planEvent(asked: NewEvent, actor: string): Promise<TeamEvent> {
  return send('staffing/events', asked, actor)
}

export function moveTeam(
  { id, revision }: TeamEvent,
  team: string,
  gridId: number,
  actor: string,
): Promise<TeamEvent> {
  const body = { grid_id: gridId, swap: true, revision }
  return change('PUT', `staffing/events/${id}/teams/${part(team)}`, body, actor)
}

export function deleteEvent({ id, revision }: TeamEvent, actor: string): Promise<void> {
  return change('DELETE', `staffing/events/${id}?revision=${revision}`, null, actor)
}

export async function readRotas(place: string, signal?: AbortSignal): Promise<readonly Rota[]> {
  const { rotas } = await read<{ rotas: readonly Rota[] }>('staffing/rotas', { place }, signal)
  return rotas
}

export interface NewRota {
  readonly place: string
  readonly name: string
  readonly begins: string
  readonly teams: readonly string[]
  readonly weekdays: readonly number[]
  readonly from_time: string
  readonly to_time: string
}

export function makeRota(asked: NewRota, actor: string): Promise<Rota> {
  return send('staffing/rotas', asked, actor)
}

export function deleteRota({ id, revision }: Rota, actor: string): Promise<void> {
  return change('DELETE', `staffing/rotas/${id}?revision=${revision}`, null, actor)
}

export async function readDuty(
  place: string,
  day: string,
  days: number,
  signal?: AbortSignal,
): Promise<readonly DutyDay[]> {
  const asked = { place, day, days }
  return (await read<{ days: readonly DutyDay[] }>('staffing/on-duty', asked, signal)).days
}

export function standIn(
  shift: Shift,
  day: string,
  team: string,
  actor: string,
): Promise<Rota> {
  const turn = shift.instead_of ?? shift.team
  return change('PUT', `staffing/rotas/${shift.rota_id}/days/${day}/teams/${part(turn)}`, { team }, actor)
}

function part(text: string): string {
  return encodeURIComponent(text)
}
