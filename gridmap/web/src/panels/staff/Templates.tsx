/** What each level needs, as data that can be changed, and whether it is there. */

import { useSignal } from '@preact/signals'

import type { Template, TemplateRole, Templates as Found } from '../../api/staff-together'
import type { Speech } from '../../i18n/language'
import { valueOf } from '../../state/resource'
import { useApp } from '../app'
import { Waiting } from '../parts/Message'

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
      {loaded.state === 'ready' && loaded.value.templates.length === 0 && (
        <p>{words.say('staff.templates.none')}</p>
      )}
      {loaded.state === 'ready' &&
        loaded.value.templates.map((template) => (
          <Sheet key={`${template.key}/${template.revision}`} template={template} found={loaded.value} />
        ))}
    </section>
  )
}

function Sheet({ template, found }: { template: Template; found: Found }) {
  const { together, staffing, speech } = useApp()
  const words = speech.value
  const roles = useSignal<readonly TemplateRole[]>(template.roles)
  const isChanged = roles.value !== template.roles
  const complete = valueOf(staffing.completeness.loaded.value)?.templates.find(
    ({ key }) => key === template.key,
  )
  const change = (index: number, part: Partial<TemplateRole>) => {
    roles.value = roles.value.map((role, i) => (i === index ? { ...role, ...part } : role))
  }
  return (
    <form
      class="template-sheet"
      data-template={template.key}
      onSubmit={(event) => {
        event.preventDefault()
        void together.saveTemplate({ ...template, roles: roles.value }).then(staffing.completeness.retry)
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
        <tbody>
          {roles.value.map((role, i) => (
            <tr key={`${role.network}/${role.level}/${role.role}`}>
              <th scope="row">
                <span>{words.term('role', role.role)}</span>
                <small>
                  {[
                    levelInWords(words, found, role),
                    role.full_time && words.say('staff.templates.full'),
                    role.several_areas && words.say('staff.templates.several'),
                  ]
                    .filter(Boolean)
                    .join(' · ')}
                </small>
              </th>
              {(['minimum', 'maximum'] as const).map((bound) => (
                <td key={bound}>
                  <input
                    type="number"
                    min={bound === 'maximum' ? role.minimum : 0}
                    max={10_000}
                    required={bound === 'minimum'}
                    placeholder={words.say('staff.templates.any')}
                    aria-label={words.say('staff.templates.bounds', {
                      role: words.term('role', role.role),
                      level: levelInWords(words, found, role),
                      bound: words.say(`staff.templates.${bound}`),
                    })}
                    value={role[bound] ?? ''}
                    onInput={({ currentTarget: { value } }) =>
                      change(i, { [bound]: value === '' && bound === 'maximum' ? null : Number(value) })
                    }
                  />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      {isChanged && (
        <button type="submit" class="button primary" data-do="save" disabled={together.isBusy.value}>
          {words.say('staff.templates.save')}
        </button>
      )}
    </form>
  )
}

function levelInWords(words: Speech, { networks }: Found, { level, network }: TemplateRole): string {
  const cut = networks.find((item) => (network ? item.key === network : item.authoritative))
  const found = cut?.levels.find((item) => String(item.level) === level)
  return found ? words.name(found) : words.term('thing', level)
}
