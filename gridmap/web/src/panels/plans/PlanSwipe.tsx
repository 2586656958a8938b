/** The other plan over the left part of the map; the border between the two is dragged. */

import { useEffect, useRef } from 'preact/hooks'

import { valueOf } from '../../state/resource'
import { useApp } from '../app'

export function PlanSwipe() {
  const { documents, plans, speech, mountTwin } = useApp()
  const words = speech.value
  const container = useRef<HTMLDivElement>(null)
  const open = plans.open.value
  const beside = valueOf(documents.beside.loaded.value)
  const share = documents.swipe.value
  const isOn = open !== null && beside !== null && share !== null
  useEffect(() => (isOn && container.current ? mountTwin(container.current) : undefined), [isOn])
  if (!isOn) return null
  return (
    <>
      <div
        ref={container}
        class="map swipe-map"
        aria-hidden="true"
        style={{ clipPath: `inset(0 ${100 - share}% 0 0)` }}
      />
      <div class="swipe-line" style={{ left: `${share}%` }} aria-hidden="true" />
      <p class="swipe-name" data-side="left">
        {beside.comparison.old.name}
      </p>
      <p class="swipe-name" data-side="right">
        {open.plan.name}
      </p>
      <input
        type="range"
        class="swipe-handle"
        name="plan-swipe"
        min={0}
        max={100}
        value={share}
        aria-label={words.say('plan.compare.handle')}
        onInput={(event) => {
          documents.swipe.value = event.currentTarget.valueAsNumber
        }}
      />
    </>
  )
}
