/** Posts and reasons in words. */

import type { EmptyPost } from '../../api/staffing'
import type { Place } from '../../api/nouns'
import type { Speech } from '../../i18n/language'

interface Named {
  readonly name: string | null
  readonly name_en?: string | null
  readonly code: string | null
  readonly role: string
}

export function areaOf(words: Speech, { name, name_en, code }: Omit<Named, 'role'>): string {
  return (words.language === 'en' && name_en) || (name ?? code ?? '')
}

/** Several words as one: "一、二" or "one, two". */
export function listed(words: Speech, items: readonly string[]): string {
  return items.join(words.language === 'zh' ? '、' : ', ')
}

export function postInWords(words: Speech, post: Named): string {
  return `${areaOf(words, post)} · ${words.term('role', post.role)}`
}

/** What posts of a level are for, with the measure word: "个网格", "栋楼". */
export function targetsInWords(
  words: Speech,
  place: Place | null,
  { level, network: key }: { level: string; network: string },
): string {
  const networks = place?.networks ?? []
  const network =
    networks.find((item) => (key ? item.key === key : item.authoritative)) ?? networks[0]
  const found = network?.levels.find((item) => String(item.level) === level)
  if (!found) return words.term('targets', level)
  return words.language === 'zh' ? `个${words.name(found)}` : `${words.name(found)}s`.toLowerCase()
}

/** The funnel of an empty post: how many people each rule leaves. */
export function whyEmpty(words: Speech, post: EmptyPost): string {
  const role = words.term('role', post.role)
  const { with_role, with_skills, present, within_reach, with_room, skills, max_walk_m } = post
  if (with_role === 0) return words.say('staff.why.role', { role })
  if (present === 0 && with_skills > 0) return words.say('staff.why.present', { role, with_role })
  const named = listed(words, skills)
  return words.say('staff.funnel', {
    with_role,
    skilled: named ? words.say('staff.funnel.skilled', { count: with_skills, skills: named }) : '',
    within_reach,
    max: words.distance(max_walk_m),
    room:
      with_room > 0 || within_reach === 0
        ? words.say('staff.funnel.room', { count: with_room })
        : words.say('staff.funnel.full', { count: within_reach }),
  })
}

/** What filling an empty post would cost, and who could do it. */
export function priceOf(words: Speech, { price, ways }: EmptyPost): string {
  if (price === null) return words.say('staff.price.none')
  const said = words.say('staff.price', { price: words.distance(price) })
  const [way] = ways
  if (!way) return said
  const who = words.say('staff.price.way', {
    name: way.staff_name,
    walk: words.distance(way.walk_m),
    rule: words.say(`staff.rule.${way.rule}`),
  })
  return words.language === 'zh' ? `${said}（${who}）` : `${said}: ${who}`
}

/** From when until when, both days included; nothing where both are open. */
export function periodInWords(words: Speech, from: string, until: string | null): string {
  if (from && until) return words.say('staff.held.span', { from: words.day(from), until: words.day(until) })
  if (until) return words.say('staff.held.until', { until: words.day(until) })
  return from ? words.say('staff.held.from', { from: words.day(from) }) : ''
}
