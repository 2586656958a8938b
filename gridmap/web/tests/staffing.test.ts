import { expect, it } from 'vitest'

import { Problem } from '../src/api/client'
import { Speech } from '../src/i18n/language'
import { problemIn } from '../src/i18n/refusals'
import { skillsIn } from '../src/panels/staff/TemplateRow'
import { priceOf, whyEmpty } from '../src/panels/staff/words'
import { withNeeded, without } from '../src/state/chains'
import { beginOf, endOf, lastDayBefore, nextDay } from '../src/state/days'
import { momentsOf } from '../src/state/staff-held'
import type { Change } from '../src/api/staffing'

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
  const counts = { with_role: 41, with_skills: 12, present: 12, within_reach: 3, with_room: 0 }
  const way = { rule: 'capacity', staff_name: '乙', walk_m: 412, price: 812 } as const
  const funnel = { ...counts, skills: ['方言'], max_walk_m: 2000, price: 812, ways: [way] }
  expect(whyEmpty(zh, { ...post, ...funnel })).toBe(
    '41 人有此身份，12 人会方言，3 人步行 2.0 公里以内，3 人全部满额。',
  )
  expect(whyEmpty(zh, { ...post, ...funnel, with_role: 0 })).toContain('没有人')
  expect(whyEmpty(zh, { ...post, ...funnel, within_reach: 0 })).toContain('0 人有余量')
  expect(priceOf(zh, { ...post, ...funnel })).toBe('补上的代价：812 米（乙（步行 412 米），多担一岗）')
  expect(priceOf(zh, { ...post, ...funnel, price: null, ways: [] })).toContain('没有')
})

it('takes and leaves changes with those that belong to them', () => {
  const needs = [[], [0], [1], [], [3, 2]]
  const changes = needs.map((list) => ({ needs: list }) as unknown as Change)
  expect([...withNeeded(changes, [2])].sort()).toEqual([0, 1, 2])
  expect([...withNeeded(changes, [4])].sort()).toEqual([0, 1, 2, 3, 4])
  expect([...without(changes, new Set([0, 1, 2, 3, 4]), 1)].sort()).toEqual([0, 3])
})

it('takes a day to its end, and says the last day of what is over at midnight', () => {
  expect(beginOf('2026-12-31')).toBe('2026-12-31T00:00:00+08:00')
  expect(endOf('2026-12-31')).toBe('2027-01-01T00:00:00+08:00')
  expect(lastDayBefore('2026-12-31T16:00:00Z')).toBe('2026-12-31')
  expect(nextDay(7, '2026-12-08')).toBe('2027-01-07')
  expect(momentsOf({ from: '', until: '2026-12-31' })).toEqual({ ends: '2027-01-01T00:00:00+08:00' })
})

it('reads skills from what somebody wrote, each once', () => {
  expect(skillsIn('方言、手语， 方言;')).toEqual(['方言', '手语'])
  expect(skillsIn(' ')).toEqual([])
})
