import { queryOptions } from '@tanstack/react-query'
import type { components } from './schema/data'
import { data, take } from './services'
import type { DatasetRead, QueryResult } from './types'

export type Column = components['schemas']['Column']
type Row = Record<string, unknown>

/** Conditions on rows in PostgREST's notation, each for every dataset that has the column: `['origin', 'eq.JFK']`. */
export type Where = [column: string, condition: string][]

/** Where a chart's rows come from; neither when the spec holds its own. */
export interface Source {
  dataset?: string | null | undefined
  sql?: string | null | undefined
}

/** The rows that a chart shows, as Vega reads them. */
export interface ChartRows {
  columns: readonly Column[]
  rows: readonly Row[]
  /** Which versions they were read from, and which columns narrowed them. */
  datasets: readonly DatasetRead[]
  cached: boolean
  elapsedMs: number
}

/** More rows than this are not drawn: aggregate first. */
export const MOST_ROWS = 5_000

const NUMBERS = /^(DECIMAL|NUMERIC|HUGEINT|UHUGEINT|BIGNUM)\b/i
const WALL_CLOCK = /^(TIMESTAMP|TIMESTAMP_S|TIMESTAMP_MS|TIMESTAMP_NS|DATETIME)$/i

/** The rows of a chart with the reader's own rights; one row more than may be drawn says that there are too many. */
export const chartRowsQuery = ({ dataset, sql }: Source, where: Where = []) => {
  const statement = dataset ? `SELECT * FROM ${quoted(dataset)}` : (sql ?? '')
  return queryOptions({
    queryKey: ['chart-rows', statement, where],
    enabled: statement.trim() !== '',
    queryFn: async ({ signal }): Promise<ChartRows> => {
      const body = { sql: statement, where, max_rows: MOST_ROWS + 1 }
      const answer = (await take(data.POST('/api/v1/data/query', { body, signal }))) as QueryResult
      const { datasets, cached, elapsed_ms: elapsedMs } = answer
      return { ...read(answer), datasets, cached, elapsedMs }
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

function read({ columns, rows }: QueryResult): { columns: readonly Column[]; rows: readonly Row[] } {
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
