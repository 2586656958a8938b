/**
 * Time under a thumb: through the steps of a cube, or with the whole window back through the data.
 * While it plays, the next moment comes when the one before is shown.
 */

import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'

import type { HotspotAnswer } from '../../api/hotspots'
import { dayBefore, lastDayOf, windowOf } from '../../state/question'
import { useApp } from '../app'

const PAUSE_MS = 900
const LONGEST_DAYS = 120
const YEAR_DAYS = 365

export function Slider({ answer }: { answer: HotspotAnswer }) {
  const { hotspots, speech } = useApp()
  const words = speech.value
  const playing = useSignal(false)
  const asked = hotspots.question.value
  const steps = answer.steps
  const days = asked?.days ?? null
  const isMovable = !steps && asked !== null && days !== null && days <= LONGEST_DAYS
  const most = steps ? steps.length - 1 : isMovable ? Math.floor(((YEAR_DAYS - days) * 4) / days) : 0
  // 0 is the earliest; for a cube the last position is all of it.
  const at = steps ? (hotspots.step.value ?? most) : most - Math.min(asked?.back ?? 0, most)
  const move = (to: number) => {
    if (steps) hotspots.step.value = to >= most ? null : to
    // Cells stay as they are while time moves.
    else if (asked) hotspots.ask({ ...asked, size: asked.size ?? answer.cell_size_m, back: most - to })
  }
  useEffect(() => {
    if (!playing.value) return
    const timer = setTimeout(() => {
      if (at >= most) playing.value = false
      else move(at + 1)
    }, PAUSE_MS)
    return () => clearTimeout(timer)
  }, [playing.value, at, answer.id])
  if (most < 1 || !asked) return null
  const window = windowOf(asked, hotspots.lastDay.value ?? '')
  const said = steps
    ? at >= most
      ? words.say('hotspots.slider.all')
      : words.say('hotspots.slider.step', { from: steps[at] ?? '', to: dayBefore(steps[at + 1] ?? '') })
    : words.say('hotspots.when', { from: window.from.slice(0, 10), to: lastDayOf(window) })
  return (
    <div class="time-slider">
      <button
        type="button"
        class="button"
        data-do="play"
        aria-pressed={playing.value}
        onClick={() => {
          if (!playing.value && at >= most) move(0)
          playing.value = !playing.value
        }}
      >
        {words.say(playing.value ? 'hotspots.slider.pause' : 'hotspots.slider.play')}
      </button>
      <input
        type="range"
        name="time"
        aria-label={words.say('hotspots.slider')}
        aria-valuetext={said}
        min={0}
        max={most}
        value={at}
        onChange={(event) => {
          playing.value = false
          move(event.currentTarget.valueAsNumber)
        }}
      />
      <output>{said}</output>
    </div>
  )
}
