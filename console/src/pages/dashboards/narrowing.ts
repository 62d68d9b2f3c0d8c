import { queryOptions, skipToken } from '@tanstack/react-query'
import { quoted, quotedName, type Where } from '../../api/chartRows'
import { data, take } from '../../api/services'
import type { Dataset, QueryResult } from '../../api/types'
import { kindOf } from '../../components/columnKind'

const KINDS = ['text', 'boolean', 'number', 'time']

/** More values than this are typed rather than chosen. */
export const MOST_CHOICES = 200

/** Only the rows whose column `by` is that; all of them until both are chosen. */
export function whereOf(by: string | undefined, is: string | undefined): Where {
  return by && is ? [[by, `eq.${is}`]] : []
}

/** The columns that the tiles can be narrowed by: words first. */
export function columnsToNarrowBy(datasets: readonly Dataset[]): readonly string[] {
  const columns = datasets.flatMap((one) => one.columns).filter((column) => KINDS.includes(kindOf(column.type)))
  const ordered = columns.toSorted((one, other) => KINDS.indexOf(kindOf(one.type)) - KINDS.indexOf(kindOf(other.type)))
  return [...new Set(ordered.map((column) => column.name))]
}

/** The values of the column in all rows of the datasets that have it, one more than may be chosen from. */
export function valuesQuery(by: string | undefined, datasets: readonly Dataset[]) {
  const having = datasets.filter((one) => one.columns.some((column) => column.name === by))
  const parts = having.map((one) => `SELECT CAST(${quotedName(by ?? '')} AS VARCHAR) AS value FROM ${quoted(one.name)}`)
  const sql = `SELECT DISTINCT value FROM (${parts.join(' UNION ALL ')}) WHERE value IS NOT NULL ORDER BY 1`
  const body = { sql, max_rows: MOST_CHOICES + 1 }
  return queryOptions({
    queryKey: ['values', by, having.map((one) => [one.name, one.version])],
    queryFn:
      by && having.length > 0
        ? async ({ signal }) => {
            const { rows } = (await take(data.POST('/api/v1/data/query', { body, signal }))) as QueryResult
            return rows.map(([value]) => String(value))
          }
        : skipToken,
    staleTime: Infinity,
  })
}
