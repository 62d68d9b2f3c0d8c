import { queryOptions } from '@tanstack/react-query'
import type { components } from './schema/data'
import { data, take } from './services'

export type Column = components['schemas']['Column']
type Row = Record<string, unknown>

/** Where a chart's rows come from; neither when the spec holds its own. */
export interface Source {
  dataset?: string | null | undefined
  sql?: string | null | undefined
}

/** The rows that a chart shows, as Vega reads them. */
export interface ChartRows {
  columns: readonly Column[]
  rows: readonly Row[]
  cached: boolean
  elapsedMs: number
}

/** More rows than this are not drawn: aggregate first. */
export const MOST_ROWS = 5_000

const NUMBERS = /^(DECIMAL|NUMERIC|HUGEINT|UHUGEINT|BIGNUM)\b/i
const WALL_CLOCK = /^(TIMESTAMP|TIMESTAMP_S|TIMESTAMP_MS|TIMESTAMP_NS|DATETIME)$/i

/** The rows of a chart with the reader's own rights; one row more than may be drawn says that there are too many. */
export const chartRowsQuery = ({ dataset, sql }: Source) => {
  const statement = dataset ? `SELECT * FROM ${quoted(dataset)}` : (sql ?? '')
  return queryOptions({
    queryKey: ['chart-rows', statement],
    enabled: statement.trim() !== '',
    queryFn: async ({ signal }): Promise<ChartRows> => {
      const body = { sql: statement, max_rows: MOST_ROWS + 1 }
      const answer = await take(data.POST('/api/v1/data/query', { body, signal }))
      return { ...read(answer as Answer), cached: (answer as Answer).cached, elapsedMs: (answer as Answer).elapsed_ms }
    },
  })
}

/** A name as SQL writes it. */
export function quotedName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

/** A dataset as SQL names it: `namespace.table`, or the table alone. */
export function quoted(dataset: string): string {
  return dataset.split('.').map(quotedName).join('.')
}

type Answer = components['schemas']['QueryResult']

function read({ columns, rows }: Answer): { columns: readonly Column[]; rows: readonly Row[] } {
  const readers = columns.map(({ type }) => readerOf(type))
  const names = columns.map(({ name }) => name)
  return {
    columns,
    rows: rows.map((row) => Object.fromEntries(names.map((name, at) => [name, readers[at]?.(row[at])]))),
  }
}

// Decimals travel as text; a time without zone must not be taken for Greenwich's.
function readerOf(type: string): (value: unknown) => unknown {
  if (NUMBERS.test(type)) return (value) => (typeof value === 'string' ? Number(value) : value)
  if (WALL_CLOCK.test(type)) return (value) => (typeof value === 'string' ? value.replace(/(Z|\+00:00)$/, '') : value)
  return (value) => value
}
