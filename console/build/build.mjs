// Builds the console into a folder beside the served one, compresses it there, then puts it in place at once.
import { renameSync, rmSync } from 'node:fs'
import { build } from 'vite'
import { compress } from './compress.mjs'

const ROOT = new URL('..', import.meta.url).pathname
const SERVED = new URL('../../src/datalab/console/assets', import.meta.url).pathname
const DRAFT = `${SERVED}.draft-${process.pid}`

try {
  await build({ root: ROOT, configFile: `${ROOT}vite.config.ts`, logLevel: 'warn', build: { outDir: DRAFT } })
  compress(DRAFT)
  rmSync(SERVED, { recursive: true, force: true })
  renameSync(DRAFT, SERVED)
} finally {
  rmSync(DRAFT, { recursive: true, force: true })
}
