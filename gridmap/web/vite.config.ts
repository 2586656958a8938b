import { defineConfig } from 'vitest/config'

export default defineConfig({
  // Relative addresses: the page also works below a path of somebody's proxy.
  base: './',
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
