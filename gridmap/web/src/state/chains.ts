/** Changes of a proposal that belong together: who moves has to leave first. */

import type { Change } from '../api/staffing'

/** Take a change, with all that it needs. */
export function withNeeded(changes: readonly Change[], taken: Iterable<number>): ReadonlySet<number> {
  const found = new Set<number>()
  const open = [...taken]
  while (open.length > 0) {
    const number = open.pop()!
    if (found.has(number)) continue
    found.add(number)
    open.push(...(changes[number]?.needs ?? []))
  }
  return found
}

/** Leave a change out, with all that need it. */
export function without(changes: readonly Change[], taken: ReadonlySet<number>, left: number): ReadonlySet<number> {
  const found = new Set(taken)
  const open = [left]
  while (open.length > 0) {
    const number = open.pop()!
    if (!found.delete(number)) continue
    for (const other of found) if (changes[other]?.needs.includes(number)) open.push(other)
  }
  return found
}
