import { cpSync, mkdirSync } from 'node:fs'
import type { Plugin } from 'vite'
import { defineConfig } from 'vitest/config'

/** What `gridmap.maps` writes into folium's files, so that they open offline: Leaflet and its clock. */
function foliumAssets(): Plugin {
  const from = 'node_modules/leaflet/dist'
  const clock = [
    'iso8601-js-period/iso8601.js',
    'leaflet-timedimension/dist/leaflet.timedimension.min.js',
    'leaflet-timedimension/dist/leaflet.timedimension.control.css',
  ]
  return {
    name: 'folium-assets',
    closeBundle() {
      mkdirSync('dist/folium', { recursive: true })
      for (const name of ['leaflet.js', 'leaflet.css', 'images']) {
        cpSync(`${from}/${name}`, `dist/folium/${name}`, { recursive: true })
      }
      for (const path of clock) {
        cpSync(`node_modules/${path}`, `dist/folium/${path.split('/').at(-1)}`)
      }
    },
  }
}

export default defineConfig({
  // Relative addresses: the page also works below a path of somebody's proxy.
  base: './',
  plugins: [foliumAssets()],
  build: {
    target: 'es2022',
    modulePreload: { polyfill: false },
    // MapLibre alone is larger than the usual warning allows.
    chunkSizeWarningLimit: 1500,
    reportCompressedSize: false,
  },
  worker: { format: 'es' },
  server: {
    proxy: Object.fromEntries(
      ['/places', '/search', '/locate', '/collections', '/tiles', '/styles'].map((path) => [
        path,
        'http://127.0.0.1:8080',
      ]),
    ),
  },
  test: { include: ['tests/**/*.test.ts'] },
})
