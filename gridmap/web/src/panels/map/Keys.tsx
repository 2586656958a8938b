/** Keys of the legend, with the colours of the style that is drawn. */

import { useApp } from '../app'

export function UsageKey() {
  const { legend, speech } = useApp()
  return (
    <ul class="key">
      {legend.value?.usage.map(({ value, colour }) => (
        <li key={value}>
          <span class="swatch" style={{ background: colour }} />
          {speech.value.term('usage', value)}
        </li>
      ))}
    </ul>
  )
}

export function ResourceKey() {
  const { legend, speech } = useApp()
  return (
    <ul class="key">
      {legend.value?.resources.map(({ value, colour, sign }) => (
        <li key={value}>
          <span class="sign" style={{ background: colour }}>
            {sign}
          </span>
          {speech.value.term('resource', value)}
        </li>
      ))}
    </ul>
  )
}

export function SeverityKey() {
  const { legend, speech } = useApp()
  const words = speech.value
  const severity = legend.value?.severity ?? []
  return (
    <div class="key-with-title">
      <p>{words.say('legend.open')}</p>
      <ul class="key">
        {severity.map(({ value, colour }) => (
          <li key={value}>
            <span class="dot" style={{ background: colour }} />
            {words.say(`severity.${value as '1' | '2' | '3' | '4'}`)}
          </li>
        ))}
        <li>
          <span class="dot hollow" />
          {words.say('legend.done')}
        </li>
      </ul>
    </div>
  )
}
