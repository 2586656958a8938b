/** What the map shows, as a picture to keep. */

import type { Map as MapLibreMap } from 'maplibre-gl'

/** A PNG of the map as it stands; the canvas can be read only while it is being drawn. */
export function pictureOf(map: MapLibreMap): Promise<Blob | null> {
  return new Promise((resolve) => {
    map.once('render', () => map.getCanvas().toBlob(resolve, 'image/png'))
    map.triggerRepaint()
  })
}

/** Offer a file for download. */
export function offer(blob: Blob, name: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = name
  link.click()
  URL.revokeObjectURL(link.href)
}
