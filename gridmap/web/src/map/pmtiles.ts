/** Base maps from one archive: their reader is fetched only where one needs it. */

import { addProtocol } from 'maplibre-gl'

let ready = false

export const readsPmtiles = () => ready

export async function usePmtiles(): Promise<void> {
  const { Protocol } = await import('pmtiles')
  addProtocol('pmtiles', new Protocol().tile)
  ready = true
}
