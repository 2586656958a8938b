/**
 * The style of the service, dressed for what is looked at: a pure function from (style, look) to a
 * style, which MapLibre compares with the one before and applies as the smallest change.
 */

import type {
  ExpressionSpecification,
  FilterSpecification,
  LayerSpecification,
  StyleSpecification,
} from 'maplibre-gl'

import type { Classes } from '../geometry/classes'

import { crossingLayers } from './crossing'
import { documentLayers, documentSources } from './documents'
import { cellLayers, findingsLayers, findingsSource } from './findings'
import { spread } from './legend'
import { NO_FEATURES, type Look } from './look'
import { CLOSE, overviewLayers, overviewSources } from './overview'
import { PLAN, ofPlan, planLayers, planSources } from './plan'
import { selectionLayers, SELECTION } from './selection'
import { loadLayers, staffLayers } from './staffing'

/** Dress a style; neither argument is changed. */
export function dress(style: StyleSpecification, look: Look): StyleSpecification {
  const blank = metadataOf(style)['gridmap:basemap'] === 'blank'
  const above = style.layers.findIndex(({ id, type }) => type === 'symbol' || id === 'grids-line')
  const ground = above < 0 ? style.layers.length : above
  return {
    ...style,
    sources: {
      ...onDay(style.sources, look.day),
      ...overviewSources(look, blank),
      ...(look.plan ? planSources(look.plan) : {}),
      ...(look.documents ? documentSources(look.documents) : {}),
      ...findingsSource(look.findings ?? NO_FEATURES),
      'grid-names': { type: 'geojson', data: look.gridNames ?? NO_FEATURES },
      'territory-names': { type: 'geojson', data: look.territoryNames ?? NO_FEATURES },
      'land-use-names': { type: 'geojson', data: look.landUseNames ?? NO_FEATURES },
      [SELECTION]: {
        type: 'geojson',
        data: look.selection
          ? { type: 'Feature', properties: {}, geometry: look.selection }
          : NO_FEATURES,
      },
    },
    layers: [
      ...style.layers.slice(0, ground).map((layer) => dressLayer(layer, look)),
      ...cellLayers(),
      ...loadLayers(),
      ...style.layers.slice(ground).map((layer) => dressLayer(layer, look)),
      ...(look.crossing ? crossingLayers(look.crossing) : []),
      ...(look.plan ? planLayers() : []),
      ...(look.documents ? documentLayers() : []),
      ...findingsLayers(),
      ...staffLayers(),
      ...selectionLayers(),
      ...overviewLayers(look.language, blank),
    ],
  }
}

/** Tiles of another day: TileJSON passes it on into their addresses. */
function onDay(sources: StyleSpecification['sources'], day: string | null | undefined) {
  if (!day) return sources
  return Object.fromEntries(
    Object.entries(sources).map(([name, source]) => {
      const dated = source.type === 'vector' && source.url?.includes('/tiles/')
      return [name, dated ? { ...source, url: `${source.url}?at=${day}` } : source]
    }),
  )
}

function dressLayer(layer: LayerSpecification, look: Look): LayerSpecification {
  const { 'gridmap:theme': theme, 'gridmap:shows': shows } = metadataOf(layer)
  let made = layer
  if (theme) made = withVisibility(made, isShown(theme, made, look))
  // From afar the markers of the places stand for what is in them.
  if (theme === 'resource-points' || theme === 'incidents') {
    made = { ...made, minzoom: Math.max(made.minzoom ?? 0, CLOSE) }
  }
  if (shows) made = withFilter(made, look.plan ? ofPlan(shows, look.level) : gridFilter(shows, look))
  if (shows && look.plan) made = fromSource(made, PLAN)
  const classes = look.plan ? look.plan.classes : look.classes
  if (made.id === 'grids-households' && made.type === 'fill' && classes) {
    const value = look.plan ? 'figure' : 'households'
    made = { ...made, paint: { ...made.paint, 'fill-color': classColours(made, value, classes) } }
  }
  if (made.id === 'grids-name' && look.gridNames) {
    made = withSortKey(fromSource(made, 'grid-names'), look.selected)
  }
  if (made.id === 'territories-name' && look.territoryNames) made = fromSource(made, 'territory-names')
  if (made.id === 'land-use-name' && look.landUseNames) made = fromSource(made, 'land-use-names')
  return made
}

function isShown(theme: string, layer: LayerSpecification, look: Look): boolean {
  const themes: ReadonlySet<string> = look.themes
  // Raised buildings stand in the place of the flat ones.
  if (theme === 'buildings' && layer.type === 'fill' && themes.has('raised')) return false
  if (theme === 'raised') return themes.has('buildings') && themes.has('raised')
  return themes.has(theme)
}

/** Grids of the chosen level, or of the levels above it. */
function gridFilter(shows: string, { network, level }: Look): FilterSpecification {
  return [
    'all',
    ['==', ['get', 'network'], network ?? ''],
    [shows === 'above' ? '<' : '==', ['get', 'level'], level ?? 0],
  ] as FilterSpecification
}

function classColours(
  layer: LayerSpecification,
  value: string,
  { breaks }: Classes,
): ExpressionSpecification | string {
  const [first = '', ...others] = spread(layer, breaks.length + 1)
  if (breaks.length === 0) return first
  const steps = breaks.flatMap((start, i) => [start, others[i]!])
  return ['step', ['get', value], first, ...steps] as unknown as ExpressionSpecification
}

/** A layer on features of our own; of names, because polygons of tiles would repeat one in every tile. */
function fromSource(layer: LayerSpecification, source: string): LayerSpecification {
  const { 'source-layer': _, ...rest } = layer as LayerSpecification & { 'source-layer'?: string }
  return { ...rest, source } as LayerSpecification
}

function withSortKey(layer: LayerSpecification, selected: number | null): LayerSpecification {
  const first = ['case', ['==', ['id'], selected ?? -1], 0, 1]
  return { ...layer, layout: { ...layer.layout, 'symbol-sort-key': first } } as LayerSpecification
}

function withVisibility(layer: LayerSpecification, shown: boolean): LayerSpecification {
  const layout = { ...layer.layout, visibility: shown ? 'visible' : 'none' }
  return { ...layer, layout } as LayerSpecification
}

function withFilter(layer: LayerSpecification, filter: FilterSpecification): LayerSpecification {
  return { ...layer, filter } as LayerSpecification
}

export function metadataOf(thing: { metadata?: unknown }): Readonly<Record<string, string>> {
  return (thing.metadata ?? {}) as Record<string, string>
}
