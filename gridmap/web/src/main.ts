/** The composition root: state, data, map and panels meet here and nowhere else. */

import { computed, effect, signal } from '@preact/signals'
import { h, render } from 'preact'

import type { Spot } from './api/plans'
import { readStyle } from './api/service'
import { legend as legendOf, createMap, type MapView } from './map/map'
import type { Legend } from './map/legend'
import { NO_FEATURES, type Look } from './map/look'
import { namesIn, namesOf, namesOfSeveral } from './map/names'
import { mountTwin } from './map/swipe'
import { union, type Bounds } from './geometry/bounds'
import { Speech, firstLanguage, rememberLanguage } from './i18n/language'
import { assign } from './modes/assign'
import { browse } from './modes/browse'
import { planning } from './modes/planning'
import { ring } from './modes/ring'
import { AppContext, type Actions, type App, type MapState } from './panels/app'
import { lookOfPlan, selectionOfPlan } from './panels/plans/on-map'
import { findingsBefore, findingsOfHotspots, hiddenBy } from './panels/hotspots/on-map'
import { findingsOfStaffing } from './panels/staff/on-map'
import { Shell } from './panels/Shell'
import { createData } from './state/data'
import { createDocuments } from './state/documents'
import { createHotspots } from './state/hotspots'
import { createPartition } from './state/partition'
import { createPlans } from './state/plans'
import { resource, valueOf } from './state/resource'
import { createDesk } from './state/staff-desk'
import { createTogether } from './state/staff-together'
import { createStaffing } from './state/staffing'
import { addressOf, createStore } from './state/store'
import { storage } from './state/storage'
import { isDrawing } from './state/tool'
import { shownThemes } from './state/view'
import type { Camera } from './state/view'
import { followSelection } from './follow'
import { keepTitle } from './title'
import { dressPlanPage } from './plan-page'
import './look/index.css'

/** Nothing closer than this is useful for a single point. */
const CLOSEST = 17.5
const REMEMBERED_NAME = 'gridmap.name'

const store = createStore(addressOf(window), firstLanguage(storage(), navigator.languages))
const data = createData(store)
const plans = createPlans(store, storage()?.getItem(REMEMBERED_NAME) ?? '', () => {
  data.places.retry()
  data.grids.retry()
}, () => valueOf(data.landUse.loaded.value)?.items ?? [])
const partition = createPartition(plans)
const staffing = createStaffing(store, plans.actor)
const desk = createDesk(store, data, staffing, plans.actor)
const together = createTogether(store, desk.sheet, plans.actor)
const documents = createDocuments(store, data, plans)
const hotspots = createHotspots(store, data)
const language = computed(() => store.view.value.language)
const speech = computed(() => new Speech(language.value))
const style = resource(
  () => (language.value === 'zh' ? 'gridmap' : 'gridmap-en'),
  (name, abort) => readStyle(name, abort),
)
const legend = signal<Legend | null>(null)
const basemap = signal<string | null>(null)
const mapState = signal<MapState>('loading')
/** What the map shows, apart from tiles. */
const shown = [style, data.places, data.grids, data.territories, data.landUse, data.detail]
const isReading = computed(() => shown.some(({ loaded }) => loaded.value.state === 'loading'))
let map: MapView | null = null
/** Where the map stands at this moment of a move. */
const underWay = signal<Camera | null>(null)

const everywhere = computed<Bounds | null>(() => {
  const boxes: Bounds[] = (valueOf(data.places.loaded.value) ?? []).flatMap(({ bbox }) => (bbox ? [bbox] : []))
  return boxes.length > 0 ? boxes.reduce(union) : null
})
/** Where the view is at home: its place, or all of them. */
const home = computed(() =>
  store.view.value.place === null ? everywhere.value : (data.place.value?.bbox ?? null),
)
const isOverview = computed(() => store.view.value.place === null)
// Each a signal of its own: a moved camera must not draw the map anew.
const camera = computed(() => store.view.value.camera)
const room = computed(() => store.view.value.room)
const chosen = computed(() => store.view.value.themes)
const selected = computed(() => store.view.value.selection?.id ?? null)
const themes = computed(() => shownThemes({ room: room.value, themes: chosen.value }))

const plan = computed(() => lookOfPlan(plans, speech.value, partition.areas.value))
const planNames = computed(() => (plans.open.value ? namesOf(plans.areas.value) : null))
const gridNames = computed(() => planNames.value ?? namesIn(data.grids.loaded.value))
const territoryNames = computed(() => namesOfSeveral(data.territories.loaded.value))
const landUseNames = computed(() => namesIn(data.landUse.loaded.value))
const findings = computed(() => {
  if (room.value === 'staff') return findingsOfStaffing(staffing, desk, data, together)
  return room.value === 'hotspots' ? findingsOfHotspots(hotspots) : NO_FEATURES
})
const hidden = computed(() => (room.value === 'hotspots' ? hiddenBy(findings.value) : []))
const look = computed<Look>(() => ({
  language: language.value,
  themes: new Set([...themes.value].filter((theme) => theme !== desk.hides.value && !hidden.value.includes(theme))),
  network: data.cut.value?.network.key ?? null,
  level: plan.value ? plans.level.value : (data.cut.value?.level.level ?? null),
  classes: data.classes.value,
  places: valueOf(data.places.loaded.value) ?? [],
  gridNames: gridNames.value,
  territoryNames: territoryNames.value,
  landUseNames: landUseNames.value,
  selected: plan.value ? plans.selected.value : selected.value,
  selection: plan.value
    ? selectionOfPlan(plans)
    : (valueOf(data.detail.loaded.value)?.item.geometry ?? null),
  plan: plan.value,
  findings: findings.value,
}))

const actions: Actions = {
  openPlace(place) {
    store.change({ place, camera: null, network: null, level: null, selection: null })
  },
  select(selection, bounds) {
    store.change({ selection })
    if (bounds) actions.goTo(bounds)
  },
  goTo(bounds) {
    map?.fit(bounds, { animate: true, closest: CLOSEST })
  },
  fit() {
    if (home.value) map?.fit(home.value, { animate: true, withNames: isOverview.value })
  },
  zoomBy(steps) {
    map?.zoomBy(steps)
  },
  speak(chosen) {
    rememberLanguage(storage(), chosen)
    store.change({ language: chosen })
  },
  retryMap() {
    mapState.value = 'loading'
    for (const read of shown) if (read.loaded.value.state === 'failed') read.retry()
    map?.reload()
  },
  focusMap() {
    map?.focus()
  },
  savePicture: (name) => map?.savePicture(name),
}

const mode = browse({
  select: (selection) => actions.select(selection),
  openPlace: (key) => actions.openPlace(key),
  approach: (at, closer) => map?.approach(at, closer),
  highlight: (handle) => map?.highlight(handle),
})

/** What modes draw with. */
const pencil = {
  sketch: (points: readonly Spot[], closed: boolean) => map?.sketch(points, closed),
  distance: (one: Spot, other: Spot) => map?.distance(one, other) ?? Infinity,
}
const planMode = planning(plans, {
  ...pencil,
  trace: (features) => map?.trace(features),
  cursor: (kind) => map?.cursor(kind),
  highlight: (handle) => map?.highlight(handle),
  hold: (tool) => planPage.live.hold(tool),
})
const carry = assign(staffing, { ...pencil, spotAt: (x, y) => map?.spotAt(x, y) ?? null })
const ringMode = ring(desk.lasso, { ...pencil, close: () => void desk.lasso.close() })
const isRinging = computed(() => room.value === 'staff' && desk.lasso.points.value !== null)
const planPage = dressPlanPage(store, plans, documents, look)
const active = computed(() => planPage.over(plans.open.value ? planMode : isRinging.value ? ringMode : mode))

/** Make the map in its element, and keep it as the state says. */
function mount(container: HTMLElement): void {
  try {
    map = createMap(container, {
      moved: (stood) => store.settle({ camera: stood }),
      moving: (stands) => {
        underWay.value = stands
      },
      input: (input) => active.peek().input(input),
      idle: () => {
        if (mapState.value === 'loading') mapState.value = 'ready'
      },
      trouble: (error) => {
        console.warn('gridmap: the map is in trouble:', error)
        mapState.value = 'failed'
      },
    })
  } catch (error) {
    console.warn('gridmap: no map:', error)
    mapState.value = 'no-webgl'
    return
  }
  const made = map
  effect(() => {
    const loaded = style.loaded.value
    if (loaded.state === 'ready') made.show(loaded.value, planPage.look.value)
    if (loaded.state === 'failed') mapState.value = 'failed'
  })
  effect(() => {
    if (camera.value) made.stand(camera.value)
    else if (home.value) {
      made.fit(home.value, { animate: mapState.peek() === 'ready', withNames: isOverview.value })
    }
  })
  effect(() => {
    if (isRinging.value) {
      made.sketch(desk.lasso.points.value ?? [], true)
      made.drawing(true)
      return
    }
    const tool = plans.tool.value
    made.sketch(plans.preview.value || tool?.pulled ? [] : (tool?.points ?? []), tool?.way === 'ring')
    made.drawing(tool !== null && isDrawing(tool) && !plans.preview.value)
  })
  effect(() => made.describe(speech.value.say('map.label')))
}

effect(() => {
  const loaded = style.loaded.value
  if (loaded.state !== 'ready') return
  legend.value = legendOf(loaded.value)
  const key = loaded.value.metadata['gridmap:basemap']
  basemap.value = typeof key === 'string' && key !== 'blank' ? key : null
})

followSelection(store, data)
keepTitle(store, data, speech)

effect(() => storage()?.setItem(REMEMBERED_NAME, plans.actor.value))

/** The same map with the answer about the time before. */
const twin = {
  style: computed(() => valueOf(style.loaded.value)),
  look: computed<Look>(() => ({ ...planPage.beside.value, findings: findingsBefore(hotspots) })),
  camera: computed(() => underWay.value ?? camera.value),
}
const app: App = {
  mountTwin: (container) => mountTwin(container, twin),
  store, data, plans, live: planPage.live, partition, documents, staffing, desk, together, hotspots, carry, speech, legend, basemap, mapState, isReading, actions,
}
render(h(AppContext.Provider, { value: app }, h(Shell, { mount })), document.getElementById('page')!)
