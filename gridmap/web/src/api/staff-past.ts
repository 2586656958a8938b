/** What the page asks of the past, of what ends, and of what a redraw left. */

import { read, send } from './client'

export interface Held {
  readonly id: number
  readonly staff_name: string
  readonly role: string
  readonly link: string
  readonly begins: string
  readonly ends: string | null
  readonly target_name: string | null
  readonly target_name_en: string | null
  readonly target_code: string | null
}

export interface Past {
  readonly sentences: readonly { readonly zh: string; readonly en: string; readonly complete: boolean }[]
  readonly posts: number
  readonly vacancies: number
  readonly ending: readonly (Held & { readonly followed: boolean })[]
  readonly changes: readonly (Held & { readonly what: 'began' | 'ended'; readonly when: string })[]
}

export interface Orphan {
  readonly id: number
  readonly staff_name: string
  readonly role: string
  readonly name: string
  readonly name_en: string | null
  readonly ended: string
  readonly heirs: readonly {
    readonly id: number
    readonly name: string
    readonly name_en: string | null
    readonly share: number
  }[] | null
}

interface CompletenessThen {
  readonly templates: readonly {
    readonly sentence: string
    readonly sentence_en: string
    readonly areas: number
    readonly complete: number
  }[]
  readonly vacancies: readonly object[]
}

/** How a place stood at a moment, what ends around it, and what changed in the year before. */
export async function readPast(place: string, at: string, signal?: AbortSignal): Promise<Past> {
  const [then, roster, around, past] = await Promise.all([
    read<CompletenessThen>('staffing/completeness', { place, at }, signal),
    read<{ assignments: readonly object[] }>('staffing/roster', { place, at }, signal),
    read<{ ending: Past['ending']; ended: Past['ending'] }>('staffing/ending', { place, at }, signal),
    read<Pick<Past, 'changes'>>('staffing/changes', { place, until: at }, signal),
  ])
  return {
    sentences: then.templates.map(({ sentence, sentence_en, areas, complete }) => ({
      zh: sentence,
      en: sentence_en,
      complete: areas === complete,
    })),
    posts: roster.assignments.length,
    vacancies: then.vacancies.length,
    ending: [...around.ended, ...around.ending],
    changes: past.changes,
  }
}

export async function readOrphans(place: string, signal?: AbortSignal): Promise<readonly Orphan[]> {
  return (await read<{ orphans: readonly Orphan[] }>('staffing/orphans', { place }, signal)).orphans
}

export function moveOrphan(id: number, gridId: number, actor: string): Promise<object> {
  return send(`staffing/assignments/${id}/move`, { target: { kind: 'grid', id: gridId } }, actor)
}
