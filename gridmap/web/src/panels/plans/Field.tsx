/** A labelled text field that writes into a signal. */

import type { Signal } from '@preact/signals'
import { useId } from 'preact/hooks'

// One by one: what an input may have depends on its type.
const TYPES = {
  text: { type: 'text' },
  date: { type: 'date' },
  password: { type: 'password' },
} as const

export function Field({
  label,
  hint,
  name,
  value,
  type = 'text',
  required = false,
}: {
  label: string
  hint?: string
  name: string
  value: Signal<string>
  type?: keyof typeof TYPES
  required?: boolean
}) {
  const id = useId()
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        name={name}
        {...TYPES[type]}
        required={required}
        maxLength={100}
        autocomplete="off"
        value={value.value}
        aria-describedby={hint ? `${id}-hint` : undefined}
        onInput={(event) => {
          value.value = event.currentTarget.value
        }}
      />
      {hint && <small id={`${id}-hint`}>{hint}</small>}
    </div>
  )
}
