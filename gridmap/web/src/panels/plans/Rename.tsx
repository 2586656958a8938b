/** Another name for the selected grid. */

import { useSignal } from '@preact/signals'

import type { Area } from '../../api/plans'
import { useApp } from '../app'

import { Field } from './Field'

export function Rename({ area }: { area: Area }) {
  const { plans, speech } = useApp()
  const words = speech.value
  const name = useSignal(area.properties.name)
  return (
    <form
      class="rename"
      onSubmit={(event) => {
        event.preventDefault()
        void plans.rename(area.id, name.value.trim())
      }}
    >
      <Field label={words.say('plan.rename')} name="grid-name" value={name} required />
      <button
        type="submit"
        class="button"
        disabled={plans.isBusy.value || !name.value.trim() || name.value === area.properties.name}
      >
        {words.say('plan.rename.save')}
      </button>
    </form>
  )
}
