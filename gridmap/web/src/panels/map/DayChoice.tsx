/** The day whose plans are shown; today when none is chosen. */

import { useId } from 'preact/hooks'

import { useApp } from '../app'

export function DayChoice() {
  const { store, speech } = useApp()
  const words = speech.value
  const id = useId()
  const day = store.view.value.day ?? ''
  return (
    <div class="day-choice">
      <label for={id}>{words.say('day.label')}</label>
      <input
        id={id}
        type="date"
        name="day"
        value={day}
        onChange={(event) => store.change({ day: event.currentTarget.value || null, selection: null })}
      />
      {day && (
        <button
          type="button"
          class="button small"
          data-do="today"
          onClick={() => store.change({ day: null, selection: null })}
        >
          {words.say('day.today')}
        </button>
      )}
    </div>
  )
}
