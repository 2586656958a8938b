/** An open plan: what it is, its tools, what is under way, its grids, and how it is finished. */

import { useEffect, useRef } from 'preact/hooks'

import type { OpenPlan as Open } from '../../state/draft'
import type { Plans } from '../../state/desk'
import { useApp } from '../app'
import { Icon } from '../parts/Icon'

import { Certificate } from './Certificate'
import { Comments } from './Comments'
import { Compare } from './Compare'
import { Consequences } from './Consequences'
import { Finish } from './Finish'
import { GridTable } from './GridTable'
import { Held } from './Held'
import { ImportReport } from './ImportReport'
import { Lineage } from './Lineage'
import { NoticeBox } from './NoticeBox'
import { Partition } from './Partition'
import { factsOf } from './PlanList'
import { ToolBox } from './ToolBox'
import { Toolbar } from './Toolbar'

const NARROW = '(max-width: 760px)'

export function OpenPlan({ open }: { open: Open }) {
  const { plans, documents, speech } = useApp()
  const words = speech.value
  const { plan, lineage } = open
  const isEditable = plans.isEditable.value
  const title = useRef<HTMLHeadingElement>(null)
  const desk = useRef<HTMLDivElement>(null)
  const tool = plans.tool.value?.kind
  const isTold = plans.preview.value !== null
  useKeys(plans)
  // What was opened, or published just now, is read from its head.
  useEffect(() => title.current?.scrollIntoView({ block: 'center' }), [plan.id, plan.state])
  // A sheet has no room for both the head of the plan and what the tool says.
  useEffect(() => {
    if (tool && matchMedia(NARROW).matches) desk.current?.scrollIntoView({ block: 'start' })
  }, [tool, isTold])
  return (
    <div class="plan" data-revision={plan.revision} data-state={plan.state} aria-busy={plans.isBusy.value}>
      <button type="button" class="back" onClick={() => plans.show(null)}>
        <Icon name="back" size={18} />
        {words.say('plan.list')}
      </button>
      <h3 class="plan-title" ref={title}>
        {plan.name}
        <span class="badge" data-state={plan.state}>
          {words.say(`plan.state.${plan.state}`)}
        </span>
      </h3>
      <p class="quiet">
        {factsOf(words, plan)}
        {isEditable && ` · ${words.say('plan.revision', { revision: plan.revision })}`}
      </p>
      {isEditable && (
        <div class="plan-desk" ref={desk}>
          <Toolbar />
          <NoticeBox />
          {plans.isHolding.value ? (
            <Held />
          ) : plans.preview.value ? (
            <Consequences preview={plans.preview.value} />
          ) : (
            <ToolBox />
          )}
        </div>
      )}
      {lineage.length > 0 && <Lineage lineage={lineage} />}
      {documents.report.value?.plan === plan.id && <ImportReport report={documents.report.value.report} />}
      {!isEditable && <NoticeBox />}
      {isEditable && <Partition />}
      <GridTable open={open} />
      <Finish plan={plan} />
      {plan.valid_from !== null && <Certificate plan={plan} />}
      <Compare plan={plan} />
      <Comments />
    </div>
  )
}

/** Undo and redo everywhere; the keys of a drawing wherever no field or button wants them. */
function useKeys(plans: Plans) {
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement
      const isTyping = target.matches('input:not([type=radio]), select, textarea')
      if (event.defaultPrevented || isTyping || !plans.isEditable.peek()) return
      const key = event.key.toLowerCase()
      if ((event.ctrlKey || event.metaKey) && (key === 'z' || key === 'y')) {
        event.preventDefault()
        void plans.step(key === 'y' || event.shiftKey ? 'redo' : 'undo')
        return
      }
      const tool = plans.tool.peek()
      if (!tool || event.ctrlKey || event.metaKey || event.altKey) return
      if (event.key === 'Escape') {
        if (plans.preview.peek()) plans.discard()
        else plans.take(null)
      } else if (event.key === 'Backspace' && !plans.preview.peek()) plans.back()
      else if (event.key === 'Enter' && !target.matches('button, a, summary')) plans.end()
      else return
      event.preventDefault()
    }
    document.addEventListener('keydown', pressed)
    return () => document.removeEventListener('keydown', pressed)
  }, [plans])
}
