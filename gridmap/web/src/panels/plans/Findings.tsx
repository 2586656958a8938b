/** What a check found, by kind; each row goes to its place on the map and marks it there. */

import { useEffect, useRef } from 'preact/hooks'

import type { Finding } from '../../api/plans'
import { boundsOf } from '../../geometry/bounds'
import type { Key } from '../../i18n/zh'
import { useApp } from '../app'

/** Degrees around a place, about fifty metres. */
const AROUND = 0.0005
const MOST = 100
/** These are about the grid as a whole, and show it instead of a point in it. */
export const OF_GRID: ReadonlySet<string> = new Set(['size', 'unassigned'])

export function Findings({ name, found }: { name: 'defects' | 'findings'; found: readonly Finding[] }) {
  const { plans, speech } = useApp()
  const words = speech.value
  const kinds = [...new Set(found.map(({ kind }) => kind))]
  return (
    <div class="found" data-found={name}>
      {kinds.map((kind) => {
        const rows = found.filter((item) => item.kind === kind)
        return (
          <details key={kind} data-kind={kind} open={name === 'defects' || kinds.length === 1}>
            <summary>
              {words.say(keyOf(kind, name))} <span class="number">{words.number(rows.length)}</span>
            </summary>
            <ol class="rows" data-list={name}>
              {rows.slice(0, MOST).map((item, i) => (
                <Row key={i} item={item} isChosen={plans.finding.value === item} />
              ))}
            </ol>
            {rows.length > MOST && (
              <p class="quiet">{words.say('common.truncated', { shown: MOST, matched: rows.length })}</p>
            )}
          </details>
        )
      })}
    </div>
  )
}

function Row({ item, isChosen }: { item: Finding; isChosen: boolean }) {
  const { plans, store, speech, actions } = useApp()
  const words = speech.value
  const button = useRef<HTMLButtonElement>(null)
  // Another level has another table above: the list stays where it was read.
  useEffect(() => {
    if (isChosen) button.current?.scrollIntoView({ block: 'center' })
  }, [isChosen, plans.level.value])
  const area = item.grid === null ? undefined : plans.open.value?.areas.get(item.grid)
  const show = () => {
    const level = area?.properties.level ?? null
    if (level !== null && level !== plans.level.value) store.change({ level, selection: null })
    plans.finding.value = item
    plans.selected.value = area?.id ?? null
    const whole = area && OF_GRID.has(item.kind) ? boundsOf(area.geometry) : null
    const [x, y] = item.place
    actions.goTo(whole ?? [x - AROUND, y - AROUND, x + AROUND, y + AROUND])
  }
  const { households, area_m2 } = item
  const isOff = item.kind === 'size' && households !== null
  return (
    <li>
      <button ref={button} type="button" class="row-link" aria-pressed={isChosen} onClick={show}>
        <span>{area ? words.name(area.properties) : words.say(keyOf(item.kind, 'defects'))}</span>
        <span class="number">
          {isOff
            ? `${households > 0 ? '+' : '−'}${words.number(Math.abs(households))} ${words.say('unit.households')}`
            : `${words.number(area_m2, area_m2 < 10 ? 2 : 0)} ${words.say('unit.m2')}`}
        </span>
      </button>
    </li>
  )
}

/** The word for a kind of defect, or of finding. */
function keyOf(kind: string, name: 'defects' | 'findings'): Key {
  return (name === 'defects' ? `plan.defect.${kind}` : `plan.finding.${kind}`) as Key
}
