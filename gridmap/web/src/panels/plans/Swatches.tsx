/** What colours on the map mean, for what the chosen figure's own legend does not tell. */

export interface Swatch {
  readonly colour: string
  readonly label: string
  /** A dashed line in the place of an area. */
  readonly isLine?: boolean
}

export function Swatches({ of }: { of: readonly Swatch[] }) {
  return (
    <ul class="figure-legend">
      {of.map(({ colour, label, isLine }) => (
        <li key={label}>
          <span
            class={isLine ? 'swatch dashed' : 'swatch'}
            style={isLine ? { borderColor: colour } : { background: `color-mix(in srgb, ${colour} 45%, #efece4)` }}
          />
          {label}
        </li>
      ))}
    </ul>
  )
}
