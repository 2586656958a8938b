/** The areas that a thing lies in, from the widest to the smallest, each one a way to it. */

import type { Located, LocatedArea } from '../../api/nouns'
import type { Detail } from '../../state/data'
import type { SelectableLayer } from '../../state/view'
import { useApp } from '../app'

interface Step {
  readonly layer: SelectableLayer
  readonly area: LocatedArea
  readonly note: string
}

export function Chain({ detail, located }: { detail: Detail; located: Located }) {
  const { data, speech, actions } = useApp()
  const words = speech.value
  const steps: Step[] = located.territories.map((area) => ({
    layer: 'territories',
    area,
    note: words.term('layer', 'territories'),
  }))
  const networks = data.place.value?.networks ?? []
  const own = String(detail.item.properties['network'] ?? data.cut.value?.network.key ?? '')
  const network = networks.find((candidate) => candidate.key === own)
  for (const level of network?.levels ?? []) {
    const area = located.grids[own]?.[String(level.level)]
    if (area) steps.push({ layer: 'grids', area, note: words.label(level) })
  }
  const { layer, id } = detail.selection
  const depth = steps.findIndex((step) => step.layer === layer && step.area.id === id)
  // Of an area only what is around it; of a point or building the whole chain.
  const shown = depth >= 0 ? steps.slice(0, depth) : layer === 'territories' ? [] : steps
  if (shown.length === 0) return null
  return (
    <section class="chain" aria-labelledby="chain-title">
      <h3 id="chain-title">{words.say('detail.inside')}</h3>
      <ol>
        {shown.map((step) => (
          <li key={`${step.layer}/${step.area.id}`}>
            <button
              type="button"
              class="row-link"
              onClick={() => actions.select({ layer: step.layer, id: step.area.id })}
            >
              <span>{words.name(step.area)}</span>
              <small>{step.note}</small>
            </button>
          </li>
        ))}
      </ol>
    </section>
  )
}
