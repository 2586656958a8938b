/**
 * The permalink: `#/map/nanjie?at=101.24,25.5,15.2&network=governance&level=2&layers=…&lang=zh`.
 *
 * `parse(format(view))` gives the same view again, up to the rounding of the camera (a millionth of
 * a degree is a decimetre). What cannot be read is left at its default: links are typed and cut by
 * people.
 */

import {
  DEFAULT_THEMES,
  ROOMS,
  SELECTABLE,
  THEMES,
  startView,
  type Camera,
  type Language,
  type Selection,
  type Theme,
  type View,
} from './view'

export function format(view: View): string {
  const parts: string[] = []
  const add = (name: string, value: string) => parts.push(`${name}=${value}`)
  if (view.camera) add('at', formatCamera(view.camera))
  if (view.network) add('network', encodeURIComponent(view.network))
  if (view.level !== null) add('level', String(view.level))
  if (!sameThemes(view.themes, DEFAULT_THEMES)) {
    add('layers', THEMES.filter((theme) => view.themes.has(theme)).join(',') || 'none')
  }
  if (view.selection) add('selection', `${view.selection.layer}/${view.selection.id}`)
  if (view.plan) add('plan', String(view.plan))
  if (view.day) add('day', view.day)
  if (view.question) add('ask', encodeURIComponent(view.question))
  add('lang', view.language)
  const place = view.place ? `/${encodeURIComponent(view.place)}` : ''
  return `#/${view.room}${place}?${parts.join('&')}`
}

/** Read a permalink; `language` is what holds where the link names none. */
export function parse(hash: string, language: Language): View {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split('?', 2)
  const [room, place] = path.split('/')
  const values = new URLSearchParams(query)
  const lang = values.get('lang')
  const level = values.get('level')
  return {
    ...startView(lang === 'zh' || lang === 'en' ? lang : language),
    room: oneOf(ROOMS, room) ?? 'map',
    place: decoded(place),
    camera: parseCamera(values.get('at')),
    network: values.get('network') || null,
    level: level !== null && /^[1-9]$/.test(level) ? Number(level) : null,
    themes: parseThemes(values.get('layers')),
    selection: parseSelection(values.get('selection')),
    ...(/^\d{1,15}$/.test(values.get('plan') ?? '') ? { plan: Number(values.get('plan')) } : {}),
    ...(isDay(values.get('day')) ? { day: values.get('day') } : {}),
    ...(values.get('ask') ? { question: values.get('ask') ?? undefined } : {}),
  }
}

/** Whether two views are the same link. */
export function same(a: View, b: View): boolean {
  return format(a) === format(b)
}

function formatCamera({ longitude, latitude, zoom, bearing, pitch }: Camera): string {
  const numbers = [round(longitude, 6), round(latitude, 6), round(zoom, 3)]
  const turned = [round(bearing, 1), round(pitch, 1)]
  return (turned.some((value) => value !== 0) ? [...numbers, ...turned] : numbers).join(',')
}

function parseCamera(text: string | null): Camera | null {
  const numbers = (text ?? '').split(',').map((part) => (part.trim() ? Number(part) : NaN))
  const [longitude, latitude, zoom, bearing = 0, pitch = 0] = numbers
  if (longitude === undefined || latitude === undefined || zoom === undefined) return null
  if (![longitude, latitude, zoom, bearing, pitch].every(Number.isFinite)) return null
  if (Math.abs(longitude) > 180 || Math.abs(latitude) > 85) return null
  return {
    longitude,
    latitude,
    zoom: Math.min(22, Math.max(0, zoom)),
    bearing,
    pitch: Math.min(60, Math.max(0, pitch)),
  }
}

function parseThemes(text: string | null): ReadonlySet<Theme> {
  if (text === null) return DEFAULT_THEMES
  const listed = text.split(',')
  return new Set(THEMES.filter((theme) => listed.includes(theme)))
}

function parseSelection(text: string | null): Selection | null {
  const [layer, id] = (text ?? '').split('/')
  const known = oneOf(SELECTABLE, layer)
  return known && id && /^\d{1,15}$/.test(id) ? { layer: known, id: Number(id) } : null
}

function isDay(text: string | null): text is string {
  const day = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(`${text}T`)
}

function decoded(text: string | undefined): string | null {
  if (!text) return null
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}

function oneOf<T extends string>(known: readonly T[], text: string | undefined): T | null {
  return known.find((item) => item === text) ?? null
}

function sameThemes(a: ReadonlySet<Theme>, b: ReadonlySet<Theme>): boolean {
  return a.size === b.size && [...a].every((theme) => b.has(theme))
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits))
}
