/** Classes of a choropleth: equal counts, with breaks that a person would have chosen. */

export interface Classes {
  /** Where the second, third, … class begins; each is a whole number. */
  readonly breaks: readonly number[]
  readonly least: number
  readonly most: number
}

/**
 * Cut values into at most `count` classes of about equal size, with round breaks.
 *
 * Values that are nearly all the same give fewer classes; no values give none.
 */
export function classify(values: readonly number[], count: number): Classes | null {
  if (values.length === 0) return null
  const sorted = [...values].sort((a, b) => a - b)
  const least = sorted[0]!
  const most = sorted.at(-1)!
  const step = roundStep((most - least) / (count * 4))
  const breaks: number[] = []
  for (let k = 1; k < count; k++) {
    const quantile = sorted[Math.floor((k * sorted.length) / count)]!
    const rounded = Math.round(quantile / step) * step
    if (rounded > least && rounded <= most && rounded > (breaks.at(-1) ?? -Infinity)) {
      breaks.push(rounded)
    }
  }
  return { breaks, least, most }
}

/** The nearest of 1, 2, 5, 10, 20, 50, … that is not above `width`, and at least 1. */
function roundStep(width: number): number {
  if (width <= 1) return 1
  const power = 10 ** Math.floor(Math.log10(width))
  const lead = width / power
  return (lead >= 5 ? 5 : lead >= 2 ? 2 : 1) * power
}

/** The range of each class, both ends included. */
export function ranges({ breaks, least, most }: Classes): { from: number; to: number }[] {
  const starts = [least, ...breaks]
  return starts.map((from, i) => ({ from, to: i + 1 < starts.length ? starts[i + 1]! - 1 : most }))
}
