/** A labelled text field that writes into a signal. */

import type { Signal } from '@preact/signals'
import { useId } from 'preact/hooks'

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
  type?: 'text' | 'date'
  required?: boolean
}) {
  const id = useId()
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        id={id}
        name={name}
        {...(type === 'date' ? { type: 'date' } : { type: 'text' })}
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
