/** Undo, redo and the tools of a draft. */

import { TOOLS } from '../../state/tool'
import { useApp } from '../app'
import { Icon } from '../parts/Icon'

export function Toolbar() {
  const { plans, speech, actions } = useApp()
  const words = speech.value
  const { undo, redo } = plans.steps.value
  const current = plans.tool.value?.kind
  const isBusy = plans.isBusy.value
  return (
    <div class="toolbar" role="toolbar" aria-label={words.say('plan.tools')}>
      {(['undo', 'redo'] as const).map((which) => (
        <button
          key={which}
          type="button"
          class="icon-button outlined"
          data-step={which}
          disabled={isBusy || !(which === 'undo' ? undo : redo)}
          aria-label={words.say(`plan.${which}`)}
          title={`${words.say(`plan.${which}`)} (Ctrl+${which === 'undo' ? 'Z' : 'Shift+Z'})`}
          onClick={() => void plans.step(which)}
        >
          <Icon name={which} size={20} />
        </button>
      ))}
      {TOOLS.map((kind) => (
        <button
          key={kind}
          type="button"
          class="button"
          data-tool={kind}
          aria-pressed={kind === current}
          disabled={isBusy}
          onClick={() => {
            plans.take(kind === current ? null : kind)
            // Whoever works by keyboard goes on drawing on the map.
            if (kind !== current) actions.focusMap()
          }}
        >
          {words.say(`plan.tool.${kind}`)}
        </button>
      ))}
    </div>
  )
}
