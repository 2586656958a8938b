/** One of a few: radio buttons that look like one bar. */

import { useId } from 'preact/hooks'

export interface Option<T> {
  readonly value: T
  readonly label: string
  readonly note?: string
}

export function Choice<T extends string | number>({
  label,
  options,
  chosen,
  choose,
}: {
  label: string
  options: readonly Option<T>[]
  chosen: T
  choose: (value: T) => void
}) {
  const name = useId()
  return (
    <fieldset class="choice">
      <legend>{label}</legend>
      <div class="choice-bar">
        {options.map(({ value, label: text, note }) => (
          <label key={value} class="choice-option">
            <input
              type="radio"
              name={name}
              checked={value === chosen}
              onChange={() => choose(value)}
            />
            <span>
              {text}
              {note && <small>{note}</small>}
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  )
}
