/** The answer as a file to keep. */

import { FILES, fileOf, type HotspotAnswer } from '../../api/hotspots'
import { useApp } from '../app'

const NAMES: Readonly<Record<(typeof FILES)[number], string>> = {
  geojson: 'GeoJSON',
  gpkg: 'GeoPackage',
  pdf: 'PDF',
  html: 'HTML',
}

export function Keep({ answer }: { answer: HotspotAnswer }) {
  const { speech, actions } = useApp()
  const words = speech.value
  return (
    <div class="keep" role="group" aria-label={words.say('hotspots.export')}>
      <span class="quiet">{words.say('hotspots.export')}</span>
      {FILES.map((kind) => (
        <a key={kind} class="button" data-file={kind} href={fileOf(answer.id, kind, words.language)} download>
          {NAMES[kind]}
        </a>
      ))}
      <button
        type="button"
        class="button"
        data-file="png"
        onClick={() => actions.savePicture(`hotspots-${answer.method}.png`)}
      >
        {words.say('hotspots.export.png')}
      </button>
    </div>
  )
}
