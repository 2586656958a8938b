/** One of several words, and one amount that may be left to the data. */

import { useSignal } from '@preact/signals'
import { useEffect, useId } from 'preact/hooks'

import { useApp } from '../app'

export interface Named<T extends string> {
  readonly value: T
  readonly label: string
}

export function Pick<T extends string>({
  name,
  label,
  options,
  chosen,
  choose,
}: {
  name: string
  label: string
  options: readonly Named<T>[]
  chosen: T
  choose: (value: T) => void
}) {
  return (
    <label class="field">
      <span>{label}</span>
      <select name={name} value={chosen} onChange={(event) => choose(event.currentTarget.value as T)}>
        {options.map((option) => (
          <option key={option.value} value={option.value}>
            {option.label}
          </option>
        ))}
      </select>
    </label>
  )
}

/** What is typed stays as it is typed; only what lies in the range counts. */
export function Amount({
  name,
  label,
  least,
  most,
  step,
  placeholder,
  chosen,
  choose,
}: {
  name: string
  label: string
  least: number
  most: number
  step: number
  placeholder: string
  chosen: number | null
  choose: (value: number | null) => void
}) {
  const { speech } = useApp()
  const id = useId()
  const typed = useSignal(chosen === null ? '' : String(chosen))
  const isIn = (text: string) => Number(text) >= least && Number(text) <= most
  const isWrong = typed.value !== '' && !isIn(typed.value)
  // Another link has brought another amount.
  useEffect(() => {
    if (chosen !== null && Number(typed.value) !== chosen) typed.value = String(chosen)
    if (chosen === null && isIn(typed.value)) typed.value = ''
  }, [chosen])
  return (
    <label class="field">
      <span>{label}</span>
      <input
        type="number"
        name={name}
        step={step}
        placeholder={placeholder}
        value={typed.value}
        aria-invalid={isWrong}
        aria-describedby={isWrong ? id : undefined}
        onInput={(event) => {
          typed.value = event.currentTarget.value
          choose(typed.value !== '' && isIn(typed.value) ? Number(typed.value) : null)
        }}
      />
      {isWrong && (
        <small id={id} class="off">
          {speech.value.say('hotspots.finer.range', { least, most })}
        </small>
      )}
    </label>
  )
}
