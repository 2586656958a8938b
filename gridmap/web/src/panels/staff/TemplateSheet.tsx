/** One template as a form: its roles, what is complete, and what the service says of a change. */

import { useSignal } from '@preact/signals'

import type { Template, TemplateRole, Templates } from '../../api/staff-together'
import { valueOf } from '../../state/resource'
import { useApp } from '../app'

import { TemplateRow } from './TemplateRow'

interface Line {
  readonly number: number
  readonly role: TemplateRole
}

export function TemplateSheet({ template, found, isNew }: { template: Template; found: Templates; isNew: boolean }) {
  const { together, staffing, speech } = useApp()
  const words = speech.value
  const before = template.roles.map((role, number) => ({ number, role }))
  const lines = useSignal<readonly Line[]>(before)
  const isChanged = isNew || JSON.stringify(lines.value) !== JSON.stringify(before)
  const complete = valueOf(staffing.completeness.loaded.value)?.templates.find(
    ({ key }) => key === template.key,
  )
  const put = (number: number, part: Partial<TemplateRole>) => {
    lines.value = lines.value.map((line) =>
      line.number === number ? { number, role: { ...line.role, ...part } } : line,
    )
  }
  return (
    <form
      class="template-sheet"
      data-template={template.key}
      onSubmit={(event) => {
        event.preventDefault()
        const roles = lines.value.map(({ role }) => role)
        void together.saveTemplate({ ...template, roles }).then(staffing.completeness.retry)
      }}
    >
      <h3>{template.key}</h3>
      <p class="quiet">{words.name(template)}</p>
      {complete && (
        <p class={complete.complete === complete.areas ? 'exact' : 'lacking'} data-sentence>
          {words.language === 'zh' ? complete.sentence : complete.sentence_en}
        </p>
      )}
      <table class="template-roles">
        <thead>
          <tr>
            <th scope="col">{words.say('staff.vacancies.role')}</th>
            <th scope="col">{words.say('staff.templates.minimum')}</th>
            <th scope="col">{words.say('staff.templates.maximum')}</th>
          </tr>
        </thead>
        {lines.value.map(({ number, role }) => (
          <TemplateRow
            key={number}
            role={role}
            found={found}
            put={(part) => put(number, part)}
            remove={
              lines.value.length === 1
                ? null
                : () => {
                    lines.value = lines.value.filter((line) => line.number !== number)
                  }
            }
          />
        ))}
      </table>
      <div class="plan-buttons">
        {isChanged && (
          <>
            <button type="submit" class="button primary" data-do="save" disabled={together.isBusy.value}>
              {words.say('staff.templates.save')}
            </button>
            <button
              type="button"
              class="button"
              data-do="discard"
              onClick={() => {
                lines.value = before
                if (isNew) together.draft.value = null
              }}
            >
              {words.say('staff.templates.undo')}
            </button>
          </>
        )}
        <button
          type="button"
          class="button"
          data-do="add-role"
          onClick={() => {
            const next = Math.max(-1, ...lines.value.map(({ number }) => number)) + 1
            lines.value = [...lines.value, { number: next, role: firstRole(found) }]
          }}
        >
          {words.say('staff.templates.add')}
        </button>
        {!isNew && !isChanged && (
          <button
            type="button"
            class="button"
            data-do="delete-template"
            disabled={together.isBusy.value}
            onClick={() => void together.deleteTemplate(template).then(staffing.completeness.retry)}
          >
            {words.say('staff.templates.delete')}
          </button>
        )}
      </div>
    </form>
  )
}

/** A role to begin with: one person on each thing of the lowest level that answers for a place. */
export function firstRole({ networks, roles }: Templates): TemplateRole {
  const levels = networks.find(({ authoritative }) => authoritative)?.levels ?? []
  return {
    level: String(levels.at(-1)?.level ?? 'building'),
    network: '',
    role: roles[0]?.key ?? '',
    minimum: 1,
    maximum: 1,
    several_areas: false,
    full_time: false,
    least_households: 1,
    kinds: [],
    skills: [],
  }
}
