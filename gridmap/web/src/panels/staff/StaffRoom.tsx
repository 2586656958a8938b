/** Who is responsible: choose a grid, and its people are in the details. */

import { boundsOf } from '../../geometry/bounds'
import { useApp } from '../app'
import { CutChoice } from '../map/CutChoice'
import { Waiting } from '../parts/Message'
import { Later, NeedsPlace } from '../parts/Room'

export function StaffRoom() {
  const { data, speech, actions } = useApp()
  const words = speech.value
  const cut = data.cut.value
  const loaded = data.grids.loaded.value
  return (
    <NeedsPlace title={words.say('room.staff')}>
      <p class="lead">{words.say('staff.text')}</p>
      {cut && <CutChoice cut={cut} />}
      <Waiting loaded={loaded} retry={data.grids.retry} />
      {loaded.state === 'ready' && (
        <ul class="rows" data-list="grids">
          {[...loaded.value.items]
            .sort((a, b) => a.properties.code.localeCompare(b.properties.code))
            .map((item) => (
              <li key={item.id}>
                <button
                  type="button"
                  class="row-link"
                  onClick={() =>
                    actions.select({ layer: 'grids', id: item.id }, boundsOf(item.geometry))
                  }
                >
                  <span>{words.name(item.properties)}</span>
                  <small class="number">{item.properties.code}</small>
                </button>
              </li>
            ))}
        </ul>
      )}
      <Later text={words.say('staff.later')} />
    </NeedsPlace>
  )
}
