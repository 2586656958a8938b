/** The only fetch of the page, typed by the service's own document, and all that can go wrong. */

import type { paths } from './schema'

export type Path = keyof paths

/** What the service answers to GET on a path. */
export type Answer<P extends Path> = paths[P] extends {
  get: { responses: { 200: { content: infer Content } } }
}
  ? Content[keyof Content]
  : never

/** One thing that is wrong, and where: degrees, longitude first. */
export interface Fault {
  readonly reason: string
  /** Counted from 1, of a list that was sent. */
  readonly row?: number
  readonly field?: string
  readonly place?: readonly [number, number]
}

/** What went wrong, as the service said it (RFC 9457), or that it did not answer at all. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly detail: string,
    readonly hint: string | null,
    readonly faults: readonly Fault[] = [],
  ) {
    super(detail)
    this.name = 'Problem'
  }

  /** Nobody answered: the service is down, or the network is. */
  get unreachable(): boolean {
    return this.status === 0
  }
}

const JSON_ONLY = { Accept: 'application/json' }

export type Query = Readonly<
  Record<string, string | number | readonly string[] | null | undefined>
>

/** An address relative to the page; what is empty is not asked. */
export function addressOf(path: string, query: Query = {}): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value === null || value === undefined || value === '') continue
    for (const each of Array.isArray(value) ? value : [value]) search.append(name, String(each))
  }
  const text = search.toString()
  return text ? `${path}?${text}` : path
}

/** Ask a path of the service's document; what comes back has the type that it promises. */
export function get<P extends Path>(
  path: P,
  query: Query = {},
  signal?: AbortSignal,
): Promise<Answer<P>> {
  // The values of `{names}` in the path come from the query, which loses them.
  const left: Record<string, Query[string]> = { ...query }
  const filled = path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = String(left[name])
    delete left[name]
    return encodeURIComponent(value)
  })
  return read<Answer<P>>(filled.slice(1), left, signal)
}

/**
 * Read one JSON document of the service, by a path relative to the page.
 *
 * Throws a `Problem`; an aborted request throws the `AbortError` of the browser, which is no
 * problem of anybody's.
 */
export async function read<T>(path: string, query: Query = {}, signal?: AbortSignal): Promise<T> {
  return ask<T>(addressOf(path, query), { headers: JSON_ONLY, signal: signal ?? null })
}

/** Send one JSON document, in somebody's name (none: the service's own), and read the answer. */
export async function send<T>(path: string, body: object, actor: string): Promise<T> {
  return ask<T>(path, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: {
      ...JSON_ONLY,
      'Content-Type': 'application/json',
      // A header holds no Chinese: the service takes it percent-encoded.
      ...(actor ? { 'X-Gridmap-Actor': encodeURIComponent(actor) } : {}),
    },
  })
}

/** Change or take away one thing, in somebody's name. */
export async function change<T>(
  method: 'PUT' | 'DELETE',
  path: string,
  body: object | null,
  actor: string,
): Promise<T> {
  return ask<T>(path, {
    method,
    body: body && JSON.stringify(body),
    headers: {
      ...JSON_ONLY,
      ...(body ? { 'Content-Type': 'application/json' } : {}),
      ...(actor ? { 'X-Gridmap-Actor': encodeURIComponent(actor) } : {}),
    },
  })
}

/** Send a file as it is, in somebody's name, and read the answer. */
export async function sendFile<T>(path: string, file: Blob, query: Query, actor: string): Promise<T> {
  return ask<T>(addressOf(path, query), {
    method: 'POST',
    body: file,
    headers: {
      ...JSON_ONLY,
      'Content-Type': 'application/octet-stream',
      ...(actor ? { 'X-Gridmap-Actor': encodeURIComponent(actor) } : {}),
    },
  })
}

async function ask<T>(path: string, request: RequestInit): Promise<T> {
  let response: Response
  try {
    response = await fetch(path, request)
  } catch (error) {
    if (request.signal?.aborted) throw error
    throw new Problem(0, String(error), null)
  }
  if (!response.ok) throw await problemOf(response)
  return (response.status === 204 ? undefined : await response.json()) as T
}

async function problemOf(response: Response): Promise<Problem> {
  try {
    const body = (await response.json()) as { detail?: string; hint?: string; faults?: Fault[] }
    const { detail = response.statusText, hint = null, faults = [] } = body
    return new Problem(response.status, detail, hint, faults)
  } catch {
    return new Problem(response.status, response.statusText, null)
  }
}
