/** The rules of the tree, held by a check instead of by habit. */

import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const SRC = join(import.meta.dirname, '..', 'src')
const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.tsx?$/.test(name) && !name.endsWith('schema.d.ts'))
  .map((name) => ({ name, text: readFileSync(join(SRC, name), 'utf8') }))

const importing = (what: RegExp) =>
  files.filter(({ text }) => what.test(text)).map(({ name }) => name)

describe('the tree', () => {
  it('knows maplibre-gl in map/ only', () => {
    expect(importing(/from 'maplibre-gl|import 'maplibre-gl/).filter((name) => !name.startsWith('map/'))).toEqual([])
  })

  it('fetches in api/ only', () => {
    expect(importing(/\bfetch\(|XMLHttpRequest|EventSource/).filter((name) => !name.startsWith('api/'))).toEqual([])
  })

  it('keeps geometry/ and state/ free of panels, map and document', () => {
    const pure = importing(/from '\.\.\/(panels|map|modes)|document\.|from 'preact/)
    expect(pure.filter((name) => /^(geometry|state)\//.test(name))).toEqual([])
  })

  it('loads nothing from elsewhere', () => {
    expect(importing(/https?:\/\/(?!www\.w3\.org)/)).toEqual([])
  })

  it.each(files.map(({ name, text }) => [name, text.split('\n').length] as const))(
    'has files of one subject: %s',
    (_, lines) => {
      expect(lines).toBeLessThanOrEqual(250)
    },
  )
})
