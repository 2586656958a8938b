/** What the tool in hand asks for next. */

import type { Key } from '../../i18n/zh'
import { isDrawing } from '../../state/tool'
import { useApp } from '../app'

export function ToolBox() {
  const { plans, speech } = useApp()
  const words = speech.value
  const tool = plans.tool.value
  const open = plans.open.value
  if (!tool || !open) return null
  const draws = isDrawing(tool)
  const asks: Key = draws
    ? (`plan.draw.${tool.kind}` as Key)
    : (`plan.choose.${tool.kind}.${Math.min(tool.grids.length, 1)}` as Key)
  return (
    <section class="toolbox" aria-label={words.say(`plan.tool.${tool.kind}`)}>
      {tool.grids.length > 0 && (
        <p class="chosen">
          {tool.grids.map((id) => words.name(open.areas.get(id)?.properties ?? {})).join(' · ')}
        </p>
      )}
      <p role="status">
        {plans.isBusy.value ? words.say('plan.preview.wait') : words.say(asks)}{' '}
        {tool.points.length > 0 && words.say('plan.draw.points', { count: tool.points.length })}
      </p>
      {draws && tool.points.length === 0 && <p class="quiet keys">{words.say('plan.draw.keys')}</p>}
      <div class="plan-buttons">
        {draws && (
          <button
            type="button"
            class="button primary"
            data-do="end"
            disabled={plans.isBusy.value || tool.points.length < (tool.kind === 'lasso' ? 3 : 2)}
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
