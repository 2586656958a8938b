/** Where incidents pile up more than chance would have it: a question, and its answer. */

import { useEffect, useRef } from 'preact/hooks'

import { problemIn } from '../../i18n/refusals'
import { useApp } from '../app'
import { Message, Waiting } from '../parts/Message'
import { NeedsPlace } from '../parts/Room'

import { Answer } from './Answer'
import { Ask } from './Ask'

export function HotspotsRoom() {
  const { data, hotspots, speech } = useApp()
  const words = speech.value
  const loaded = data.incidents.loaded.value
  const answer = hotspots.answer.loaded.value
  const shown = hotspots.shown.value
  const found = useRef<HTMLDivElement>(null)
  useEffect(() => {
    // Whoever has pressed the button wants to read the answer.
    const pressed = document.activeElement?.getAttribute('data-do') === 'find'
    if (shown && pressed) show(found.current)
  }, [shown?.id])
  return (
    <NeedsPlace title={words.say('room.hotspots')}>
      <Waiting loaded={loaded} retry={data.incidents.retry} />
      {loaded.state === 'ready' &&
        (loaded.value.items.length === 0 ? (
          <Message title={words.say('incidents.empty')} text={words.say('incidents.empty.text')} />
        ) : (
          <>
            <p class="lead">{words.say('hotspots.text', { count: loaded.value.matched })}</p>
            <Ask key={data.place.value?.key} />
            {answer.state === 'nothing' && <p class="quiet">{words.say('hotspots.hint')}</p>}
            {answer.state === 'loading' && !shown && (
              <p class="message quiet" role="status">
                {words.say('hotspots.finding')}
              </p>
            )}
            {answer.state === 'failed' && (
              <div role="alert">
                <Message title={words.say('hotspots.failed')} text={problemIn(words, answer.error)}>
                  <button type="button" class="button" onClick={hotspots.answer.retry}>
                    {words.say('common.retry')}
                  </button>
                </Message>
              </div>
            )}
            {shown && (
              <div ref={found}>
                <SwipeSwitch />
                <Answer answer={shown} busy={answer.state === 'loading'} />
              </div>
            )}
          </>
        ))}
    </NeedsPlace>
  )
}

/** Bring the answer to the top of the panel, and of the panel alone: the page itself stands still. */
function show(answer: HTMLElement | null) {
  const scroller = answer?.closest<HTMLElement>('.panel-content')
  if (!answer || !scroller) return
  const above = answer.getBoundingClientRect().top - scroller.getBoundingClientRect().top
  scroller.scrollTop += above
}

function SwipeSwitch() {
  const { hotspots, speech } = useApp()
  const asked = hotspots.question.value
  if (!asked) return null
  return (
    <label class="switch">
      {speech.value.say('hotspots.swipe')}
      <input
        type="checkbox"
        role="switch"
        name="swipe"
        checked={asked.swipe}
        onChange={() => hotspots.ask({ ...asked, swipe: !asked.swipe })}
      />
    </label>
  )
}
