/** Opening hours as OpenStreetMap writes them ("Mo-Fr 08:30-12:00,14:30-18:00"), in words. */

import type { Language } from '../state/view'

const DAYS: Readonly<Record<string, readonly [zh: string, en: string]>> = {
  Mo: ['周一', 'Mon'],
  Tu: ['周二', 'Tue'],
  We: ['周三', 'Wed'],
  Th: ['周四', 'Thu'],
  Fr: ['周五', 'Fri'],
  Sa: ['周六', 'Sat'],
  Su: ['周日', 'Sun'],
  PH: ['节假日', 'holidays'],
}
const RULE = /^(?:([A-Za-z]{2}(?:[-,][A-Za-z]{2})*) )?(\d{1,2}:\d{2}-\d{1,2}:\d{2}(?:,\d{1,2}:\d{2}-\d{1,2}:\d{2})*|off)$/

/** Say opening hours; what is written in another way stays as it is. */
export function hoursInWords(text: string, language: Language): string {
  const zh = language === 'zh'
  if (text.trim() === '24/7') return zh ? '全天开放' : 'Always open'
  const rules = text.split(';').map((rule) => RULE.exec(rule.trim()))
  if (rules.some((rule) => rule === null)) return text
  return rules
    .map((rule) => [daysInWords(rule![1], zh), timesInWords(rule![2] ?? '', zh)].filter(Boolean).join(' '))
    .join(zh ? '；' : '; ')
}

function daysInWords(days: string | undefined, zh: boolean): string {
  if (!days) return zh ? '每天' : 'Daily'
  if (days === 'Mo-Su') return zh ? '每天' : 'Daily'
  return days
    .split(',')
    .map((part) =>
      part
        .split('-')
        .map((day) => DAYS[day]?.[zh ? 0 : 1] ?? day)
        .join(zh ? '至' : '–'),
    )
    .join(zh ? '、' : ', ')
}

function timesInWords(times: string, zh: boolean): string {
  if (times === 'off') return zh ? '不开放' : 'closed'
  return times.replaceAll('-', '–').replaceAll(',', zh ? '、' : ', ')
}
