/** For which time a post is given, and as what: in post, member, or who lives there. */

import { LINKS, type Link } from '../../api/staff-held'
import { useApp } from '../app'

import { PeriodFields } from './PeriodFields'
import { periodInWords } from './words'

export function MannerForm() {
  const { staffing, speech } = useApp()
  const words = speech.value
  const manner = staffing.manner.value
  const put = (part: Partial<typeof manner>) => {
    staffing.manner.value = { ...manner, ...part }
  }
  return (
    <details class="staff-terms" data-form="manner">
      <summary>
        {words.say('staff.manner')}
        <small>
          {words.term('link', manner.link)} · {periodInWords(words, manner.from, manner.until) || words.say('staff.manner.now')}
        </small>
      </summary>
      <PeriodFields period={manner} put={put} />
      <label class="field">
        <span>{words.say('staff.manner.link')}</span>
        <select
          name="link"
          value={manner.link}
          onChange={({ currentTarget }) => put({ link: currentTarget.value as Link })}
        >
          {LINKS.map((link) => (
            <option key={link} value={link}>
              {words.term('link', link)}
            </option>
          ))}
        </select>
      </label>
      <p class="quiet">{words.say('staff.manner.hint')}</p>
    </details>
  )
}
