/** Where plans as documents meet the map: comments, the day, the plan beside, and pinning. */

import { computed, type ReadonlySignal } from '@preact/signals'

import type { Look } from './map/look'
import type { Mode } from './modes/mode'
import { pin } from './modes/pin'
import { lookBeside, lookOfCrosswalk, lookOfDocuments } from './panels/plans/documents-on-map'
import type { Plans } from './state/desk'
import type { Documents } from './state/documents'
import { createLive } from './state/live'
import type { Store } from './state/store'

export function dressPlanPage(
  { view }: Store,
  plans: Plans,
  documents: Documents,
  look: ReadonlySignal<Look>,
) {
  // A signal of its own: a moved camera must not draw the map anew.
  const day = computed(() => view.value.day ?? null)
  const isPlanning = computed(() => view.value.room === 'plans' && !plans.open.value)
  const dressed = computed<Look>(() => ({
    ...look.value,
    documents: lookOfDocuments(documents, plans),
    day: day.value,
    crossing: isPlanning.value ? lookOfCrosswalk(documents) : null,
    selection: documents.looked.value?.geometry ?? look.value.selection,
  }))
  const pinning = pin((at) => {
    documents.pin.value = at
  })
  return {
    look: dressed,
    live: createLive(plans),
    beside: computed(() => lookBeside(dressed.value, documents, plans)),
    /** The mode of the map: pinning goes before all others. */
    over: (mode: Mode): Mode => (documents.pin.value === 'waiting' ? pinning : mode),
  }
}
