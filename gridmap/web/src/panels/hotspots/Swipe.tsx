/** The time before, over the left part of the map; the border between the two is dragged. */

import { useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'

import { useApp } from '../app'

const HALF = 50

export function Swipe() {
  const { hotspots, store, speech, mountTwin } = useApp()
  const words = speech.value
  const container = useRef<HTMLDivElement>(null)
  const share = useSignal(HALF)
  const isOn =
    store.view.value.room === 'hotspots' &&
    hotspots.question.value?.swipe === true &&
    hotspots.before.loaded.value.state === 'ready'
  useEffect(() => (isOn && container.current ? mountTwin(container.current) : undefined), [isOn])
  if (!isOn) return null
  return (
    <>
      <div
        ref={container}
        class="swipe-map"
        aria-hidden="true"
        style={{ clipPath: `inset(0 ${100 - share.value}% 0 0)` }}
      />
      <div class="swipe-line" style={{ left: `${share.value}%` }} aria-hidden="true" />
      <p class="swipe-name" data-side="left">
        {words.say('hotspots.swipe.left')}
      </p>
      <p class="swipe-name" data-side="right">
        {words.say('hotspots.swipe.right')}
      </p>
      <input
        type="range"
        class="swipe-handle"
        name="swipe-share"
        min={0}
        max={100}
        value={share.value}
        aria-label={words.say('hotspots.swipe.handle')}
        onInput={(event) => {
          share.value = event.currentTarget.valueAsNumber
        }}
      />
    </>
  )
}
