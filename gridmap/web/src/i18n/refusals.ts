/** What the service says when it refuses, in Chinese; it speaks English itself. */

import { Problem } from '../api/client'
import type { Speech } from './language'

const CHINESE: readonly (readonly [says: RegExp, chinese: string])[] = [
  [/^This person already holds another full-time post/, '此人在这段时间已有另一个专职岗位。'],
  [/^This person already holds (.+) of (.+) \((\S+) to (\S+)\)/, '此人已任“$2”的$1（$3 至 $4），时间冲突。'],
  [/^This person already holds (.+) of (.+) \((\S+)\)/, '此人自 $3 起已任“$2”的$1，时间冲突。'],
  [/^End that post first/, '请先结束或移交原来的岗位，或另选他人。'],
  [/^(.+) is no [a-z -]+$/, '$1没有这个岗位所需的身份。'],
  [/^Roles of this person/, '请选择具有该身份的人员。'],
  [/^(\d+) of (\d+) posts changed since the proposal was made/, '建议生成之后，所选 $2 个岗位中有 $1 个已有变动。'],
  [/^These changes cannot be made without others: (.+) can take (.+) only when leaving (.+)/, '所选的调整不能单独进行：$1须先卸任$3，才能担任$2。'],
  [/^These changes cannot be made without others: (.+) cannot hold (.+) at once/, '$1不能同时担任$2。'],
  [/^Accept the changes of those posts as well/, '请同时采用这些岗位的调整，或去掉这几项。'],
  [/^(\d+) points of \S+ cannot be cut into (\d+) areas/, '只有 $1 个点，分不成 $2 片。'],
  [/^Ask for fewer areas/, '请减少片数，或换一类点位。'],
  [/^(.+) changed since the proposal was made/, '“$1”在建议生成之后已有变动。'],
  [/^Ask for a new proposal/, '请重新生成建议。'],
  [/^The templates of \S+ ask for nobody/, '这个地方没有需要配置的岗位。'],
  [/^A staffing template is missing/, '请先配置人员模板。'],
  [/^(.+) is in (.+) on that day/, '$1当天已有“$2”。'],
  [/^A team is in another event on that day/, '有队伍当天已有别的活动。'],
  [/^Leave the team out, or choose another day/, '请去掉这支队伍，或换一天。'],
  [/^There is an event of this name on that day/, '那天已有同名的活动。'],
  [/^There is a rota named (.+)/, '已有名为“$1”的排班。'],
  [/^Give it another name/, '请换一个名称。'],
  [/^(\d+) teams need as many different grids; there are (\d+)/, '$1 支队伍需要同样多的不同网格，只有 $2 个。'],
  [/^Let fewer teams go, or choose a lower level/, '请减少队伍，或选更低的级别。'],
  [/^The rota would begin again only after (\d+) weeks/, '要 $1 周才能轮完一遍，超过一年。'],
  [/^Take fewer teams, or more days a week/, '请减少队伍，或增加每周的天数。'],
  [/^The rota cannot be made/, '排班没有完成：请检查时段和队伍。'],
  [/^(.+) is on duty on (\S+) already/, '$1在 $2 已有值班。'],
  [/^Choose another team/, '请另选一支队伍。'],
  [/^The (?:event|rota) was changed meanwhile/, '内容刚被别人改过。'],
  [/^The template (.+) was changed meanwhile/, '模板“$1”刚被别人改过。'],
  [/^Look at the new one and change it again/, '请按现在的内容再改。'],
  [/^The template (.+) cannot be stored/, '模板“$1”没有保存：请检查人数。'],
  [/^The person is of (\S+), and the/, '此人不属于这个地方。'],
  [/^The assignment is locked/, '这项安排已锁定。'],
  [/^The line separates nothing from either grid/, '这条线没有把任何一个网格分开。'],
  [/^Draw it from edge to edge, or with both ends/, '请从一边画到另一边，或让两端都落在两个网格的边界上。'],
  [/^The line would leave one of the grids in two pieces/, '这样会把其中一个网格断成两块。'],
  [/^Draw along one side of the old boundary/, '请沿原边界的一侧画，或分几次划转。'],
  [/^The line does not split the grid/, '这条线没有把网格分开。'],
  [/^Draw it from edge to edge/, '请从一边画到另一边。'],
  [/^Every piece is smaller than (\d+) m²/, '分出的每一块都小于 $1 平方米。'],
  [/^The line crosses itself/, '线不能自相交叉。'],
  [/^The line has no length/, '线没有长度。'],
  [/^The line ends inside/, '线的一端停在网格内部。'],
  [/^The line does not pass through the area/, '线没有经过这两个网格。'],
  [/^The line meets the outline far from any vertex/, '线与外缘相接处离外缘的折点太远。'],
  [/^The line runs along an edge that cannot move/, '线沿着不能移动的边。'],
  [/^Keep a metre away from the outline/, '请离外缘一米以上，或让线在外缘结束。'],
  [/^No three grids meet here/, '这里没有三个网格相交的点。'],
  [/^Take hold of a corner/, '请抓住网格的交点。'],
  [/^A point on the outline cannot be moved/, '外缘上的点不能移动。'],
  [/^The new boundaries would cross others/, '新的边界会与其他边界交叉。'],
  [/^Move (the point|it) less far/, '请移动得近一些。'],
  [/^The move would leave a grid in two pieces/, '这样会把一个网格断成两块。'],
  [/^The move would swallow a grid/, '这样会吞掉一个网格。'],
  [/^The point was hardly moved/, '这个点几乎没有移动。'],
  [/^No street passes through the grid/, '没有道路穿过这个网格。'],
  [/^Draw a line, or choose parts/, '请画线，或选择均分。'],
  [/^The streets leave (\d+) pieces, more than (\d+)/, '沿道路会分成 $1 块，超过 $2 块。'],
  [/^Choose single streets, or a number of parts/, '请画线，或选择均分。'],
  [/^The grid cannot be cut into (\d+) contiguous parts/, '这个网格不能分成连片的 $1 份。'],
  [/^Ask for fewer parts, or draw a line/, '请减少份数，或画线。'],
  [/^The building lies outside the plan/, '这栋楼不在方案范围内。'],
  [/^The building belongs to this grid already/, '这栋楼已经属于这个网格。'],
  [/^The building's ground does not touch that grid/, '这栋楼的地块与该网格不相邻。'],
  [/^Give what lies between them first, or choose another grid/, '请先划转两者之间的地块，或选择别的网格。'],
  [/^The outline crosses itself/, '范围不能自相交叉。'],
  [/^The area holds no ground of the plan/, '范围内没有方案的土地。'],
  [/^The area would cut a grid in two/, '这样会把一个网格断成两块。'],
  [/^Split that grid first, or draw the area up to its edge/, '请先拆分那个网格，或把范围画到它的边上。'],
  [/^Nothing of the plan lies there/, '那里不在方案范围内。'],
  [/^(Choose a point inside|Draw inside the territory)/, '请在范围以内操作。'],
  [/^The edit changes nothing/, '这样修改没有任何变化。'],
  [/^The lasso holds no block/, '圈内没有可以划转的地块。'],
  [/^Draw it around the middle of at least one block/, '请至少圈住一个地块的中心。'],
  [/^There is nothing to undo/, '没有可以撤销的步骤。'],
  [/^There is nothing to redo/, '没有可以重做的步骤。'],
  [/^(.+) is locked$/, '“$1”已锁定。'],
  [/^Unlock it first/, '请先解锁。'],
  [/^A plan is published by somebody else/, '方案须由编制人以外的人审核发布。'],
  [/^Ask another person to review it/, '请换一位审核人。'],
  [/^Plan \d+ of this network starts on (\S+), not before (\S+)/, '已有方案自 $1 起生效，不早于 $2。'],
  [/^Publish from a later day/, '请选择更晚的生效日期。'],
  [/^The plan has (\d+) defects/, '方案有 $1 处问题，不能发布。'],
  [/^A name has 1 to 100/, '名称须为 1 至 100 个可显示的字符。'],
  [/^Plan \d+ is (\w+), and only drafts can be changed/, '只有草稿可以修改。'],
  [/^Make a draft from it/, '请以它为底稿新建草稿。'],
]

/** One sentence of the service in the language of the page; an unknown one stays as it is. */
export function saidIn(words: Speech, sentence: string): string {
  if (words.language !== 'zh') return sentence
  const known = CHINESE.find(([says]) => says.test(sentence))
  return known ? sentence.replace(new RegExp(`${known[0].source}.*$`), known[1]) : sentence
}

/** What went wrong, and what can be done about it. */
export function problemIn(words: Speech, error: unknown): string {
  if (!(error instanceof Problem) || error.unreachable) return words.say('common.unreachable')
  const said = [error.detail, ...(error.hint ? [error.hint] : [])].map((text) => saidIn(words, text))
  return words.language === 'zh' ? said.join('') : said.map((text) => text.replace(/\.?$/, '.')).join(' ')
}
