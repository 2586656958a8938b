/** Which network and level of grids is shown. */

import type { Cut } from '../../state/data'
import { useApp } from '../app'
import { Choice } from '../parts/Choice'

import { DayChoice } from './DayChoice'

export function CutChoice({ cut }: { cut: Cut }) {
  const { store, speech } = useApp()
  const words = speech.value
  const networks = cut.place.networks.filter((network) => network.levels.length > 0)
  return (
    <div class="cut">
      {networks.length > 1 && (
        <Choice
          label={words.say('cut.network')}
          options={networks.map((network) => ({ value: network.key, label: words.label(network) }))}
          chosen={cut.network.key}
          choose={(network) => store.change({ network, level: null, selection: null })}
        />
      )}
      {cut.network.levels.length > 1 && (
      <Choice
        label={words.say('cut.level')}
        options={cut.network.levels.map((level) => ({
          value: level.level,
          label: words.label(level),
          note: words.number(level.count),
        }))}
        chosen={cut.level.level}
        choose={(level) => store.change({ level, selection: null })}
      />
      )}
      <DayChoice />
    </div>
  )
}
