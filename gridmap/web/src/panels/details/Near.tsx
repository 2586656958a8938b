/** The nearest resource points. */

import type { NearPoint } from '../../api/nouns'
import { useApp } from '../app'

export function Near({ points }: { points: readonly NearPoint[] }) {
  const { speech, actions } = useApp()
  const words = speech.value
  return (
    <section class="near" aria-labelledby="near-title">
      <h3 id="near-title">{words.say('detail.near')}</h3>
      {points.length === 0 ? (
        <p class="quiet">{words.say('detail.near.none')}</p>
      ) : (
        <ul class="rows">
          {points.map((point) => (
            <li key={point.id}>
              <button
                type="button"
                class="row-link"
                onClick={() => actions.select({ layer: 'resource-points', id: point.id })}
              >
                <span>{words.name(point)}</span>
                <small>
                  {words.term('resource', point.category)} · {words.distance(point.distance_m)}
                </small>
              </button>
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}
