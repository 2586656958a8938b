/** The switches of the layers, each group with its key: switch and legend are one thing. */

import type { ComponentChildren } from 'preact'

import type { Key } from '../../i18n/zh'
import type { Theme } from '../../state/view'
import { useApp } from '../app'

import { ResourceKey, SeverityKey, UsageKey } from './Keys'

interface Group {
  readonly title: Key
  readonly themes: readonly Theme[]
  readonly key?: () => ComponentChildren
}

const GROUPS: readonly Group[] = [
  { title: 'layers.areas', themes: ['households', 'grids', 'territories'] },
  { title: 'layers.buildings', themes: ['buildings', 'raised'], key: () => <UsageKey /> },
  { title: 'layers.points', themes: ['resource-points'], key: () => <ResourceKey /> },
  { title: 'layers.incidents', themes: ['incidents'], key: () => <SeverityKey /> },
  { title: 'layers.base', themes: ['basemap', 'land-use', 'water', 'streets'] },
]

export function Layers() {
  const { store, speech, basemap } = useApp()
  const words = speech.value
  const { themes } = store.view.value
  return (
    <section aria-labelledby="layers-title" class="layers">
      <h3 id="layers-title">{words.say('layers.title')}</h3>
      {GROUPS.map(({ title, themes: listed, key }) => {
        const shown = listed.filter((theme) => theme !== 'basemap' || basemap.value)
        return (
          <fieldset key={title} class="layer-group">
            <legend>{words.say(title)}</legend>
            {shown.map((theme) => (
              <Switch key={theme} theme={theme} />
            ))}
            {key && themes.has(listed[0]!) && key()}
          </fieldset>
        )
      })}
    </section>
  )
}

function Switch({ theme }: { theme: Theme }) {
  const { store, speech } = useApp()
  const { themes } = store.view.value
  const toggle = () => {
    const next = new Set(themes)
    if (!next.delete(theme)) next.add(theme)
    store.change({ themes: next })
  }
  return (
    <label class="switch">
      <span>{speech.value.say(`theme.${theme}`)}</span>
      <input
        type="checkbox"
        role="switch"
        disabled={theme === 'raised' && !themes.has('buildings')}
        checked={themes.has(theme)}
        onChange={toggle}
        data-theme={theme}
      />
    </label>
  )
}
