/**
 * `npm run api`: write src/api/schema.d.ts from the service's own OpenAPI document.
 * `node api.mjs --check` only says whether it is stale.
 *
 * Only the paths that the page asks for are taken, so that the file changes when they do and not
 * whenever the service learns something else.
 */

import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import openapiTS, { astToString } from 'openapi-typescript'

const ASKED = [
  '/places',
  '/search',
  '/locate',
  '/styles/{name}.json',
  ...['territories', 'grids', 'incidents', 'land-use'].map((layer) => `/collections/${layer}/items`),
  ...[
    'territories',
    'grids',
    'buildings',
    'resource-points',
    'incidents',
    'streets',
    'water',
    'land-use',
  ].map((layer) => `/collections/${layer}/items/{id}`),
]
const ROOT = join(import.meta.dirname, '..', '..')
const FILE = join(import.meta.dirname, 'src', 'api', 'schema.d.ts')

function readDocument() {
  const own = join(ROOT, '.venv', 'bin', 'python')
  const python = process.env.PYTHON ?? (existsSync(own) ? own : 'python3')
  const text = execFileSync(python, ['-m', 'gridmap.api.schema'], {
    cwd: ROOT,
    maxBuffer: 64 * 1024 * 1024,
  })
  const document = JSON.parse(text)
  const paths = {}
  for (const path of ASKED) {
    const operation = document.paths[path]?.get
    if (!operation) throw new Error(`the service does not answer GET ${path} any more`)
    paths[path] = { get: operation }
  }
  return { ...document, paths, components: { ...document.components, schemas: used(paths, document) } }
}

/** The schemas that the paths refer to, directly or through others. */
function used(paths, document) {
  const found = {}
  const visit = (value) => {
    for (const [, name] of JSON.stringify(value).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) {
      if (name in found) continue
      found[name] = document.components.schemas[name]
      visit(found[name])
    }
  }
  visit(paths)
  return Object.fromEntries(Object.entries(found).sort(([a], [b]) => (a < b ? -1 : 1)))
}

const ast = await openapiTS(readDocument(), { arrayLength: true, defaultNonNullable: false })
const written = `/** Written by \`npm run api\` from the service's OpenAPI document; do not edit. */\n\n${astToString(ast)}`
if (process.argv.includes('--check')) {
  if (!existsSync(FILE) || readFileSync(FILE, 'utf8') !== written) {
    console.error('src/api/schema.d.ts is stale: run `npm run api` in gridmap/web and commit it.')
    process.exit(1)
  }
} else {
  writeFileSync(FILE, written)
  console.log(`wrote ${FILE}`)
}
