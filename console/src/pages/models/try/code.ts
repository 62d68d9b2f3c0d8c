import type { Row } from '../search'

interface Asked {
  origin: string
  name: string
  version: number
  row: Row
}

/** The call for a shell; the key stands in the environment. */
export function asCurl({ origin, name, version, row }: Asked): string {
  const body = JSON.stringify({ rows: [row], version }).replaceAll("'", "'\\''")
  return [
    `curl ${origin}/api/v1/ai/models/${encodeURIComponent(name)}/predict \\`,
    `  -H "Authorization: Bearer $DATALAB_TOKEN" \\`,
    `  -H 'Content-Type: application/json' \\`,
    `  -d '${body}'`,
  ].join('\n')
}

/** The call in Python; the address and the key stand in `DATALAB_URL` and `DATALAB_TOKEN`. */
export function asPython({ origin, name, version, row }: Asked): string {
  const items = Object.entries(row).map(([key, value]) => `        ${JSON.stringify(key)}: ${literal(value)},`)
  return [
    'from datalab import Client',
    '',
    `with Client(${JSON.stringify(origin)}) as client:`,
    '    row = {',
    ...items,
    '    }',
    `    answer = client.predict(${JSON.stringify(name)}, [row], version=${version})`,
    '    print(answer.predictions[0])',
  ].join('\n')
}

function literal(value: unknown): string {
  if (value === null || value === undefined) return 'None'
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  return JSON.stringify(value)
}
