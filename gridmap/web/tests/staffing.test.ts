import { expect, it } from 'vitest'

import { Problem } from '../src/api/client'
import { Speech } from '../src/i18n/language'
import { problemIn } from '../src/i18n/refusals'
import { formatQuestion, parseQuestion, windowOf } from '../src/state/hotspots'
import { whyEmpty } from '../src/panels/staff/words'

const zh = new Speech('zh')

it.each([
  ['(2026-01-05)', '此人自 2026-01-05 起已任“第3网格”的网格员，时间冲突。'],
  ['(2026-01-05 to 2026-12-31)', '此人已任“第3网格”的网格员（2026-01-05 至 2026-12-31），时间冲突。'],
])('names the post that clashes %s', (period, said) => {
  const detail = `This person already holds 网格员 of 第3网格 ${period} in that time`
  const hint = 'End that post first, hand it over, or choose somebody else.'
  expect(problemIn(zh, new Problem(409, detail, hint))).toBe(
    `${said}请先结束或移交原来的岗位，或另选他人。`,
  )
})

it('says who has not the role', () => {
  const problem = new Problem(422, '王芳 is no grid-head', 'Roles of this person: volunteer.')
  expect(problemIn(zh, problem)).toBe('王芳没有这个岗位所需的身份。请选择具有该身份的人员。')
})

it('says at which rule the last candidates were lost', () => {
  const post = { kind: 'grid', target_id: 1, role: 'mediator', name: '甲', code: null, lon: 0, lat: 0 }
  const funnel = { with_role: 9, present: 7, within_reach: 3, with_room: 0 }
  expect(whyEmpty(zh, { ...post, ...funnel })).toBe('3 名调解员在步行范围内，岗位都已满。')
  expect(whyEmpty(zh, { ...post, ...funnel, with_role: 0 })).toContain('没有人')
  expect(whyEmpty(zh, { ...post, ...funnel, within_reach: 0 })).toContain('7 名')
})

it('asks for whole days in the time of the places', () => {
  const question = { days: 30, from: '', to: '', category: 'fire', severity: 2 }
  expect(windowOf(question, '2026-10-31')).toEqual({
    from: '2026-10-02T00:00:00+08:00',
    to: '2026-11-01T00:00:00+08:00',
  })
  const dates = { ...question, days: null, from: '2026-02-01', to: '2026-02-28', category: null }
  expect(windowOf(dates, '2026-10-31').to).toBe('2026-03-01T00:00:00+08:00')
  for (const asked of [question, dates]) expect(parseQuestion(formatQuestion(asked))).toEqual(asked)
})

it.each(['', '0/all/1', '30/all/9', '2026-13-01..2026-01-02/all/1', 'x/y/z'])(
  'takes no nonsense for a question: %s',
  (text) => expect(parseQuestion(text)).toBeNull(),
)
