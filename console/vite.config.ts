import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

const PLATFORM = process.env.DATALAB_URL ?? 'http://127.0.0.1:8000'

export default defineConfig({
  plugins: [react()],
  html: { cspNonce: '__CSP_NONCE__' },
  build: {
    outDir: '../src/datalab/console/assets',
    emptyOutDir: true,
    target: ['chrome123', 'edge123', 'firefox121', 'safari17.5'],
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    // Vega is one chunk, fetched by the first chart that is seen.
    chunkSizeWarningLimit: 900,
  },
  server: { proxy: { '/api': { target: PLATFORM, changeOrigin: false } } },
})
