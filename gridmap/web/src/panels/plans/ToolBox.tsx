/** What the tool in hand asks for next. */

import type { ComponentChildren } from 'preact'

import type { Key } from '../../i18n/zh'
import { levelBelow } from '../../state/offers'
import { WAYS, isDrawing, isPressed, needOf, type Tool, type Way } from '../../state/tool'
import { useApp } from '../app'
import { Choice } from '../parts/Choice'

const MOST_PARTS = 8

export function ToolBox() {
  const { plans, speech } = useApp()
  const words = speech.value
  const tool = plans.tool.value
  const open = plans.open.value
  if (!tool || !open) return null
  const draws = isDrawing(tool)
  const needs = needOf(tool)
  const isReady = tool.grids.length >= needs.grids && (tool.kind !== 'special' || tool.name.trim() !== '')
  return (
    <section class="toolbox" aria-label={words.say(`plan.tool.${tool.kind}`)}>
      <Ways tool={tool} />
      {tool.grids.length > 0 && (
        <p class="chosen">
          {tool.grids.map((id) => words.name(open.areas.get(id)?.properties ?? {})).join(' · ')}
        </p>
      )}
      <Options tool={tool} />
      <p role="status">
        {plans.isBusy.value ? words.say('plan.preview.wait') : words.say(asks(tool))}{' '}
        {tool.points.length > 0 && !tool.pulled && words.say('plan.draw.points', { count: tool.points.length })}
      </p>
      {draws && !isPressed(tool) && tool.points.length === 0 && (
        <p class="quiet keys">{words.say('plan.draw.keys')}</p>
      )}
      {tool.kind === 'redraw' && !draws && <p class="quiet keys">{words.say('plan.pull.keys')}</p>}
      <div class="plan-buttons">
        {((draws && !isPressed(tool)) || tool.kind === 'split' || tool.thing !== null) && (
          <button
            type="button"
            class="button primary"
            data-do="end"
            disabled={plans.isBusy.value || !isReady || tool.points.length < needs.points}
            onClick={plans.end}
          >
            {words.say('plan.draw.end')}
          </button>
        )}
        <button
          type="button"
          class="button"
          disabled={tool.points.length + tool.grids.length === 0}
          onClick={plans.back}
        >
          {words.say('plan.draw.back')}
        </button>
        <button type="button" class="button" onClick={() => plans.take(null)}>
          {words.say('plan.draw.cancel')}
        </button>
      </div>
    </section>
  )
}

/** The next step in words. */
function asks(tool: Tool): Key {
  if (tool.grids.length < needOf(tool).grids) {
    return `plan.choose.${tool.kind}.${Math.min(tool.grids.length, 1)}` as Key
  }
  if (tool.kind === 'special' && !tool.name.trim()) {
    if (tool.thing !== null) return 'plan.special.name.now'
    if (tool.way !== 'ground') return 'plan.special.name.first'
  }
  return `plan.draw.${tool.kind}.${tool.way}` as Key
}

function Ways({ tool }: { tool: Tool }) {
  const { plans, speech } = useApp()
  const words = speech.value
  const plan = plans.open.value?.plan
  // The lowest level has nothing below it to give as a whole.
  const isLowest = !plan || levelBelow(plan, tool.level) === null
  const ways = (WAYS[tool.kind] as readonly Way[]).filter((way) => way !== 'micro' || !isLowest)
  if (ways.length < 2) return null
  return (
    <Choice<Way>
      label={words.say('plan.way')}
      options={ways.map((way) => ({ value: way, label: words.say(`plan.way.${way}` as Key) }))}
      chosen={tool.way}
      choose={(way) => plans.use({ ...tool, way, points: [], thing: null }, false)}
    />
  )
}

function Options({ tool }: { tool: Tool }) {
  const { plans, speech } = useApp()
  const words = speech.value
  if (tool.kind === 'special') {
    return (
      <div class="field">
        <label>
          {words.say('plan.special.name')}
          <input
            type="text"
            name="special-name"
            maxLength={100}
            autocomplete="off"
            value={tool.name}
            onInput={(event) => plans.use({ ...tool, name: event.currentTarget.value }, false)}
          />
        </label>
      </div>
    )
  }
  if (tool.way === 'parts') {
    return (
      <Choice
        label={words.say('plan.parts')}
        options={Array.from({ length: MOST_PARTS - 1 }, (_, i) => ({ value: i + 2, label: `${i + 2}` }))}
        chosen={tool.parts}
        choose={(parts) => plans.use({ ...tool, parts }, false)}
      />
    )
  }
  if (tool.way === 'line') {
    return (
      <Check isOn={tool.along} name="along" set={(along) => plans.use({ ...tool, along }, false)}>
        {words.say('plan.along')}
      </Check>
    )
  }
  if (tool.way !== 'brush') return null
  return (
    <Check isOn={tool.blocks} name="blocks" set={(blocks) => plans.use({ ...tool, blocks }, false)}>
      {words.say('plan.blocks')}
    </Check>
  )
}

function Check({
  isOn, name, set, children,
}: {
  isOn: boolean
  name: string
  set: (on: boolean) => void
  children: ComponentChildren
}) {
  return (
    <label class="plan-check">
      <input type="checkbox" name={name} checked={isOn} onChange={() => set(!isOn)} />
      {children}
    </label>
  )
}
