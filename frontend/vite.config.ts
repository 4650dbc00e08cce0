/** How the sources become the files that the server hands out: hashed names, a manifest, no outside address. */
import { defineConfig } from 'vite'

export default defineConfig({
  base: './',
  publicDir: false,
  logLevel: 'warn',
  build: {
    manifest: true,
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1500,
    rolldownOptions: { input: { main: 'src/main.ts', plain: 'src/plain.ts' } },
  },
})
