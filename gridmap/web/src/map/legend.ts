/** The keys of the legend, read from the style itself, so that map and legend never disagree. */

import type { LayerSpecification, StyleSpecification } from 'maplibre-gl'

export interface Key {
  readonly value: string
  readonly colour: string
}

export interface Legend {
  readonly usage: readonly Key[]
  readonly resources: readonly (Key & { readonly sign: string })[]
  readonly severity: readonly Key[]
  households(classes: number): readonly string[]
}

export function legendOf(style: StyleSpecification): Legend {
  const layer = (id: string) => style.layers.find((item) => item.id === id)
  const signs = new Map(matches(layout(layer('resource-points-sign'), 'text-field')))
  const households = layer('grids-households')
  return {
    usage: keys(paint(layer('buildings'), 'fill-color')),
    resources: keys(paint(layer('resource-points'), 'circle-color')).map((key) => ({
      ...key,
      sign: signs.get(key.value) ?? '',
    })),
    severity: keys(paint(layer('incidents'), 'circle-stroke-color')),
    households: (classes) => (households ? spread(households, classes) : []),
  }
}

/** The colours of a stepped fill, thinned out evenly to as many as are needed. */
export function spread(layer: LayerSpecification, count: number): string[] {
  const step = paint(layer, 'fill-color')
  if (!Array.isArray(step)) return []
  // ["step", input, first, break, second, break, third, …]
  const colours = step.slice(2).filter((_, i) => i % 2 === 0) as string[]
  if (count === 1) return [colours[1] ?? colours[0] ?? '']
  return Array.from(
    { length: count },
    (_, i) => colours[Math.round((i * (colours.length - 1)) / (count - 1))]!,
  )
}

function keys(expression: unknown): Key[] {
  return matches(expression).map(([value, colour]) => ({ value, colour }))
}

/** The pairs of the first `match` on plain values inside an expression. */
function matches(expression: unknown): [string, string][] {
  if (!Array.isArray(expression)) return []
  if (expression[0] === 'match' && isPlain(expression[3])) {
    const pairs: [string, string][] = []
    for (let i = 2; i + 1 < expression.length; i += 2) {
      pairs.push([String(expression[i]), String(expression[i + 1])])
    }
    return pairs
  }
  for (const part of expression) {
    const found = matches(part)
    if (found.length > 0) return found
  }
  return []
}

function isPlain(value: unknown): boolean {
  return typeof value === 'string'
}

function paint(layer: LayerSpecification | undefined, name: string): unknown {
  return (layer?.paint as Record<string, unknown> | undefined)?.[name]
}

function layout(layer: LayerSpecification | undefined, name: string): unknown {
  return (layer?.layout as Record<string, unknown> | undefined)?.[name]
}
