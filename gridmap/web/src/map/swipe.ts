/** A second map over the first, of which a part is uncovered: two times of one place. */

import { effect, type ReadonlySignal } from '@preact/signals'

import type { StyleDocument } from '../api/nouns'
import type { Camera } from '../state/view'

import type { Look } from './look'
import { createMap } from './map'

export interface Twin {
  readonly style: ReadonlySignal<StyleDocument | null>
  readonly look: ReadonlySignal<Look>
  /** Where the first map stands, at every moment of a move. */
  readonly camera: ReadonlySignal<Camera | null>
}

/** Make it in an element; the answer takes it away again. */
export function mountTwin(container: HTMLElement, { style, look, camera }: Twin): () => void {
  const nothing = () => {}
  const map = createMap(container, {
    moved: nothing,
    input: () => false,
    idle: nothing,
    trouble: (error) => console.warn('gridmap: the second map is in trouble:', error),
  })
  const stops = [
    effect(() => {
      if (style.value) map.show(style.value, look.value)
    }),
    effect(() => {
      if (camera.value) map.stand(camera.value)
    }),
  ]
  return () => {
    for (const stop of stops) stop()
    map.remove()
  }
}
