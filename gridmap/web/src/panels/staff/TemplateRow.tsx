/** One role of a template: how many people, of what, and what they must be. */

import type { TemplateRole, Templates } from '../../api/staff-together'
import type { Speech } from '../../i18n/language'
import { useApp } from '../app'

import { listed } from './words'

const THINGS = ['building', 'unit', 'street', 'point'] as const
/** Things that have households of their own. */
const HOUSED: ReadonlySet<string> = new Set(['building', 'unit'])

export interface RowProps {
  readonly role: TemplateRole
  readonly found: Templates
  readonly put: (part: Partial<TemplateRole>) => void
  readonly remove: (() => void) | null
}

export function TemplateRow({ role, found, put, remove }: RowProps) {
  const { speech } = useApp()
  const words = speech.value
  const level = levelInWords(words, found, role)
  return (
    <tbody data-role={role.role} data-level={role.level}>
      <tr>
        <th scope="row">
          <span>{words.term('role', role.role)}</span>
          <small>{level}</small>
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
                level,
                bound: words.say(`staff.templates.${bound}`),
              })}
              value={role[bound] ?? ''}
              onInput={({ currentTarget: { value } }) =>
                put({ [bound]: value === '' && bound === 'maximum' ? null : Number(value) })
              }
            />
          </td>
        ))}
      </tr>
      <tr>
        <td colSpan={3}>
          <details class="template-more">
            <summary>{inShort(words, role)}</summary>
            <Settings role={role} found={found} put={put} remove={remove} />
          </details>
        </td>
      </tr>
    </tbody>
  )
}

function Settings({ role, found, put, remove }: RowProps) {
  const { speech } = useApp()
  const words = speech.value
  return (
    <div class="staff-terms">
      <label class="field">
        <span>{words.say('staff.vacancies.role')}</span>
        <select name="role" value={role.role} onChange={({ currentTarget }) => put({ role: currentTarget.value })}>
          {found.roles.map(({ key }) => (
            <option key={key} value={key}>
              {words.term('role', key)}
            </option>
          ))}
        </select>
      </label>
      <label class="field">
        <span>{words.say('staff.templates.level')}</span>
        <select
          name="level"
          value={`${role.network}/${role.level}`}
          onChange={({ currentTarget: { value } }) => {
            const [network = '', level = ''] = value.split('/')
            put({ network, level })
          }}
        >
          {levelsOf(found).map(({ network, level }) => (
            <option key={`${network}/${level}`} value={`${network}/${level}`}>
              {levelInWords(words, found, { network, level })}
            </option>
          ))}
        </select>
      </label>
      {HOUSED.has(role.level) && (
        <label class="field">
          <span>{words.say('staff.templates.least')}</span>
          <input
            type="number"
            name="least"
            min={0}
            max={1_000_000}
            required
            value={role.least_households}
            onInput={({ currentTarget }) => {
              if (currentTarget.validity.valid) put({ least_households: currentTarget.valueAsNumber })
            }}
          />
        </label>
      )}
      {(['full_time', 'several_areas'] as const).map((flag) => (
        <label key={flag} class="check">
          <input
            type="checkbox"
            name={flag}
            checked={role[flag]}
            onChange={({ currentTarget }) => put({ [flag]: currentTarget.checked })}
          />
          <span>{words.say(flag === 'full_time' ? 'staff.templates.full.long' : 'staff.templates.several.long')}</span>
        </label>
      ))}
      <label class="field">
        <span>{words.say('staff.templates.skills')}</span>
        <input
          name="skills"
          list="known-skills"
          maxLength={400}
          value={listed(words, role.skills)}
          onChange={({ currentTarget }) => put({ skills: skillsIn(currentTarget.value) })}
        />
      </label>
      {remove && (
        <button type="button" class="button" data-do="remove-role" onClick={remove}>
          {words.say('staff.templates.remove')}
        </button>
      )}
    </div>
  )
}

/** The skills in what somebody wrote, each once. */
export function skillsIn(text: string): readonly string[] {
  return [...new Set(text.split(/[、，,;；]/).map((skill) => skill.trim()))].filter((skill) => skill !== '')
}

function inShort(words: Speech, { full_time, several_areas, skills }: TemplateRole): string {
  const said = [
    full_time && words.say('staff.templates.full'),
    several_areas && words.say('staff.templates.several'),
    skills.length > 0 && words.say('staff.templates.skill', { skills: listed(words, skills) }),
  ].filter(Boolean)
  return said.length > 0 ? said.join(' · ') : words.say('staff.templates.more')
}

/** Every level that a role can be asked of: those of the networks, and things that are no grids. */
function levelsOf({ networks }: Templates): readonly { network: string; level: string }[] {
  return [
    ...networks.flatMap(({ key, authoritative, levels }) =>
      levels.map(({ level }) => ({ network: authoritative ? '' : key, level: String(level) })),
    ),
    ...THINGS.map((level) => ({ network: '', level })),
  ]
}

function levelInWords(
  words: Speech,
  { networks }: Templates,
  { level, network }: Pick<TemplateRole, 'level' | 'network'>,
): string {
  const cut = networks.find((item) => (network ? item.key === network : item.authoritative))
  const found = cut?.levels.find((item) => String(item.level) === level)
  if (!found) return words.term('thing', level)
  return network && cut ? `${words.name(cut)} · ${words.name(found)}` : words.name(found)
}
