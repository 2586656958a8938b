/** The only fetch of the page, and the one shape of everything that can go wrong with it. */

/** What went wrong, as the service said it (RFC 9457), or that it did not answer at all. */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly detail: string,
    readonly hint: string | null,
  ) {
    super(detail)
    this.name = 'Problem'
  }

  /** Nobody answered: the service is down, or the network is. */
  get unreachable(): boolean {
    return this.status === 0
  }
}

export type Query = Readonly<Record<string, string | number | null | undefined>>

function address(path: string, query: Query): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    if (value !== null && value !== undefined && value !== '') search.set(name, String(value))
  }
  const text = search.toString()
  return text ? `${path}?${text}` : path
}

/**
 * Read one JSON document of the service.
 *
 * Throws a `Problem`; an aborted request throws the `AbortError` of the browser, which is no
 * problem of anybody's.
 */
export async function read<T>(path: string, query: Query = {}, signal?: AbortSignal): Promise<T> {
  let response: Response
  try {
    response = await fetch(address(path, query), {
      headers: { Accept: 'application/json' },
      ...(signal ? { signal } : {}),
    })
  } catch (error) {
    if (signal?.aborted) throw error
    throw new Problem(0, String(error), null)
  }
  if (!response.ok) throw await problemOf(response)
  return (await response.json()) as T
}

async function problemOf(response: Response): Promise<Problem> {
  try {
    const body = (await response.json()) as { detail?: string; hint?: string }
    return new Problem(response.status, body.detail ?? response.statusText, body.hint ?? null)
  } catch {
    return new Problem(response.status, response.statusText, null)
  }
}
