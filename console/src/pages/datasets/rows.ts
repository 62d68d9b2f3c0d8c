import { keepPreviousData, queryOptions } from '@tanstack/react-query'
import { exactJson } from '../../api/exactJson'
import { call } from '../../api/send'
import { parametersOf } from './filters'

/** Which rows are seen. */
export interface RowsSeen {
  name: string
  version: number
  where: string
  order: string
  from: number
  columns: readonly string[] | undefined
}

export interface RowsPage {
  rows: readonly Readonly<Record<string, unknown>>[]
  more: boolean
  cached: boolean
  /** Until the whole answer was here. */
  ms: number
}

export const PAGE = 100
export const FORMATS = { csv: 'CSV', parquet: 'Parquet', arrow: 'Arrow', json: 'JSON' } as const
export const EXPORTED_AT_MOST = 10_000

/** A page of rows. */
export function rowsQuery(seen: RowsSeen) {
  const path = rowsPath(seen, 'rows', { limit: PAGE, offset: seen.from })
  return queryOptions({
    queryKey: ['datasets', seen.name, 'rows', path],
    queryFn: () => ask(path),
    placeholderData: keepPreviousData,
    staleTime: Infinity,
  })
}

/** The address of the rows; `resource` is `rows` or `rows.csv`. */
export function rowsPath(seen: RowsSeen, resource: string, paging: { limit: number; offset: number }): string {
  const query = new URLSearchParams()
  if (seen.columns) query.set('select', seen.columns.join(','))
  if (seen.order) query.set('order', seen.order)
  query.set('version', String(seen.version))
  query.set('limit', String(paging.limit))
  if (paging.offset > 0) query.set('offset', String(paging.offset))
  for (const [name, value] of parametersOf(seen.where)) query.append(name, value)
  return `/api/v1/data/datasets/${encodeURIComponent(seen.name)}/${resource}?${query.toString()}`
}

async function ask(path: string): Promise<RowsPage> {
  const start = performance.now()
  const answer = await call('GET', path, undefined, { Accept: 'application/json' })
  const rows = exactJson(await answer.text()) as RowsPage['rows']
  return {
    rows,
    more: answer.headers.get('X-Truncated') === 'true',
    cached: answer.headers.get('X-Cached') === 'true',
    ms: performance.now() - start,
  }
}
