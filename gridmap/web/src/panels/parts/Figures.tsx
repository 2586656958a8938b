/** Numbers with their units, right-aligned under each other. */

import type { ComponentChildren } from 'preact'

export function Figures({ children }: { children: ComponentChildren }) {
  return <dl class="figures">{children}</dl>
}

export function Figure({
  label,
  number,
  unit,
  name,
}: {
  label: string
  number: string
  unit?: string
  name?: string
}) {
  return (
    <div class="figure">
      <dt>{label}</dt>
      <dd data-figure={name}>
        <span class="number">{number}</span>
        {unit && <span class="unit">{unit}</span>}
      </dd>
    </div>
  )
}

/** A line of words: what, and its value. */
export function Fact({ label, children }: { label: string; children: ComponentChildren }) {
  return (
    <div class="fact">
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  )
}
