/** Posts and reasons in words. */

import type { EmptyPost } from '../../api/staffing'
import type { Place } from '../../api/nouns'
import type { Speech } from '../../i18n/language'

interface Named {
  readonly name: string | null
  readonly code: string | null
  readonly role: string
}

export function areaOf({ name, code }: Pick<Named, 'name' | 'code'>): string {
  return name ?? code ?? ''
}

export function postInWords(words: Speech, post: Named): string {
  return `${areaOf(post)} · ${words.term('role', post.role)}`
}

/** What posts of a level are for, with the measure word: "个网格", "栋楼". */
export function targetsInWords(words: Speech, place: Place | null, level: string): string {
  const networks = place?.networks ?? []
  const network = networks.find((item) => item.authoritative) ?? networks[0]
  const found = network?.levels.find((item) => String(item.level) === level)
  if (!found) return words.term('targets', level)
  return words.language === 'zh' ? `个${words.name(found)}` : `${words.name(found)}s`.toLowerCase()
}

/** Where the last candidates were lost. */
export function whyEmpty(words: Speech, post: EmptyPost): string {
  const role = words.term('role', post.role)
  const { with_role, present, within_reach, with_room } = post
  if (with_role === 0) return words.say('staff.why.role', { role })
  if (present === 0) return words.say('staff.why.present', { role, with_role })
  if (within_reach === 0) return words.say('staff.why.reach', { role, present })
  if (with_room === 0) return words.say('staff.why.room', { role, within_reach })
  return words.say('staff.why.cost', { role, with_room })
}
