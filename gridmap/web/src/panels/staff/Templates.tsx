/** What each level needs, as data that can be changed, and whether it is there. */

import { useSignal } from '@preact/signals'

import type { Templates as Found } from '../../api/staff-together'
import { useApp } from '../app'
import { Waiting } from '../parts/Message'

import { TemplateSheet, firstRole } from './TemplateSheet'
import { TogetherOutcome } from './TogetherOutcome'

export function Templates() {
  const { together, speech } = useApp()
  const words = speech.value
  const loaded = together.templates.loaded.value
  return (
    <section class="together" aria-label={words.say('staff.sheet.templates')} aria-busy={together.isBusy.value}>
      <p class="quiet">{words.say('staff.templates.text')}</p>
      <TogetherOutcome />
      <Waiting loaded={loaded} retry={together.templates.retry} />
      {loaded.state === 'ready' && <Sheets found={loaded.value} />}
    </section>
  )
}

function Sheets({ found }: { found: Found }) {
  const { together, speech } = useApp()
  const draft = together.draft.value
  return (
    <>
      <datalist id="known-skills">
        {found.skills.map((skill) => (
          <option key={skill} value={skill} />
        ))}
      </datalist>
      {found.templates.length === 0 && <p>{speech.value.say('staff.templates.none')}</p>}
      {found.templates.map((template) => (
        <TemplateSheet key={`${template.key}/${template.revision}`} template={template} found={found} isNew={false} />
      ))}
      {draft ? <TemplateSheet key="new" template={draft} found={found} isNew /> : <NewTemplate found={found} />}
    </>
  )
}

function NewTemplate({ found }: { found: Found }) {
  const { together, speech } = useApp()
  const words = speech.value
  const key = useSignal('')
  const name = useSignal('')
  const english = useSignal('')
  const isKnown = found.templates.some((template) => template.key === key.value.trim())
  return (
    <details class="staff-terms" data-form="new-template">
      <summary>{words.say('staff.templates.new')}</summary>
      <form
        class="staff-terms"
        onSubmit={(event) => {
          event.preventDefault()
          if (isKnown) return
          together.draft.value = {
            key: key.value.trim(),
            name: name.value.trim(),
            name_en: english.value.trim() || null,
            area: null,
            revision: null,
            roles: [firstRole(found)],
          }
        }}
      >
        {([['key', key], ['name', name], ['name.en', english]] as const).map(([field, value]) => (
          <label key={field} class="field">
            <span>{words.say(`staff.templates.${field}`)}</span>
            <input
              name={field}
              required={field !== 'name.en'}
              pattern=".*\S.*"
              maxLength={100}
              value={value.value}
              onInput={({ currentTarget }) => {
                value.value = currentTarget.value
              }}
            />
          </label>
        ))}
        {isKnown && (
          <p class="plan-notice alarm" role="alert">
            {words.say('staff.templates.known')}
          </p>
        )}
        <button type="submit" class="button primary" data-do="begin-template" disabled={isKnown}>
          {words.say('staff.templates.begin')}
        </button>
      </form>
    </details>
  )
}
