/** The map on its stage: the map itself, its buttons, its legend, and what it says when it fails. */

import { useEffect, useRef } from 'preact/hooks'

import { useApp } from './app'
import { Swipe } from './hotspots/Swipe'
import { HouseholdsLegend } from './map/HouseholdsLegend'
import { Icon } from './parts/Icon'
import { PlanSwipe } from './plans/PlanSwipe'

export function Stage({ mount }: { mount: (container: HTMLElement) => void }) {
  const { speech, actions, mapState, isReading, store } = useApp()
  const words = speech.value
  const container = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (container.current) mount(container.current)
  }, [mount])
  const state = mapState.value
  return (
    <main class="stage" id="map" data-state={state} aria-busy={isReading.value}>
      <div ref={container} class="map" />
      <Swipe />
      <PlanSwipe />
      {store.view.value.day && (
        <p class="day-shown" role="status">
          {words.say('day.shown', { day: store.view.value.day })}
        </p>
      )}
      <div class="crosshair" aria-hidden="true" />
      {state === 'loading' && (
        <p class="stage-note" role="status">
          {words.say('map.loading')}
        </p>
      )}
      {(state === 'failed' || state === 'no-webgl') && (
        <div class="stage-note" role="alert">
          <p class="message-title">
            {words.say(state === 'failed' ? 'map.failed' : 'map.webgl')}
          </p>
          <p>{words.say(state === 'failed' ? 'map.failed.text' : 'map.webgl.text')}</p>
          {state === 'failed' && (
            <button type="button" class="button" onClick={actions.retryMap}>
              {words.say('common.retry')}
            </button>
          )}
        </div>
      )}
      <div class="map-buttons">
        <MapButton icon="plus" label={words.say('map.zoom.in')} press={() => actions.zoomBy(1)} />
        <MapButton icon="minus" label={words.say('map.zoom.out')} press={() => actions.zoomBy(-1)} />
        <MapButton icon="fit" label={words.say('map.fit')} press={actions.fit} />
      </div>
      {store.view.value.place !== null && <HouseholdsLegend />}
    </main>
  )
}

function MapButton({
  icon,
  label,
  press,
}: {
  icon: 'plus' | 'minus' | 'fit'
  label: string
  press: () => void
}) {
  return (
    <button type="button" class="icon-button" aria-label={label} title={label} onClick={press}>
      <Icon name={icon} size={20} />
    </button>
  )
}
