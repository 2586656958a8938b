/** What is looked at: everything that a permalink carries, and nothing else. */

export const ROOMS = ['map', 'plans', 'staff', 'incidents', 'hotspots'] as const
export type Room = (typeof ROOMS)[number]

/** What a switch of the legend turns on and off; the same words as in a style's metadata. */
export const THEMES = [
  'basemap',
  'land-use',
  'water',
  'streets',
  'territories',
  'grids',
  'households',
  'buildings',
  'raised',
  'resource-points',
  'incidents',
] as const
export type Theme = (typeof THEMES)[number]

/** Layers whose features can be selected. */
export const SELECTABLE = [
  'territories',
  'grids',
  'buildings',
  'resource-points',
  'incidents',
  'streets',
  'water',
  'land-use',
] as const
export type SelectableLayer = (typeof SELECTABLE)[number]

export type Language = 'zh' | 'en'

/** Degrees, and the zoom of the map's own scale. */
export interface Camera {
  readonly longitude: number
  readonly latitude: number
  readonly zoom: number
  readonly bearing: number
  readonly pitch: number
}

export interface Selection {
  readonly layer: SelectableLayer
  readonly id: number
}

export interface View {
  readonly room: Room
  /** Key of a place; none is the overview of all places. */
  readonly place: string | null
  /** None: as the place fits. */
  readonly camera: Camera | null
  /** None: the authoritative network of the place. */
  readonly network: string | null
  /** None: the level that the network is best known by. */
  readonly level: number | null
  readonly themes: ReadonlySet<Theme>
  readonly selection: Selection | null
  readonly language: Language
  /** The open plan, in the planner's room. */
  readonly plan?: number | null
  /** The day whose plans are shown (2026-10-31); none is today. */
  readonly day?: string | null
  /** What is asked about hotspots, as the permalink writes it. */
  readonly question?: string | undefined
}

export const DEFAULT_THEMES: ReadonlySet<Theme> = new Set<Theme>([
  'basemap',
  'land-use',
  'water',
  'streets',
  'territories',
  'grids',
  'households',
  'buildings',
  'resource-points',
])

/**
 * What is drawn: the chosen themes, and in the rooms of incidents these instead of the households,
 * whatever the switches of the map say.
 */
export function shownThemes({ room, themes }: Pick<View, 'room' | 'themes'>): ReadonlySet<Theme> {
  if (room !== 'incidents' && room !== 'hotspots') return themes
  const shown = new Set<Theme>([...themes, 'incidents'])
  shown.delete('households')
  return shown
}

export function startView(language: Language): View {
  return {
    room: 'map',
    place: null,
    camera: null,
    network: null,
    level: null,
    themes: DEFAULT_THEMES,
    selection: null,
    language,
  }
}
