// Writes src/api/schema/<service>.ts from the committed OpenAPI documents, or into the folder named as the argument.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import openapiTS, { astToString } from 'openapi-typescript'

const SERVICES = ['gateway', 'data', 'ai', 'compute', 'viz']
const here = new URL('.', import.meta.url).pathname
const folder = process.argv[2] ?? join(here, '../src/api/schema')

mkdirSync(folder, { recursive: true })
for (const service of SERVICES) {
  const document = JSON.parse(readFileSync(join(here, `../../openapi/${service}.json`), 'utf8'))
  const types = astToString(await openapiTS(document, { defaultNonNullable: false, alphabetize: true }))
  writeFileSync(join(folder, `${service}.ts`), `// Made by \`make openapi\` from openapi/${service}.json.\n${types}`)
}
