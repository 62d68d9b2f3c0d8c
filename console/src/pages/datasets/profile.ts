import { queryOptions } from '@tanstack/react-query'
import { data, take } from '../../api/services'
import type { ColumnProfile } from '../../api/types'
import { kindOf } from '../../components/columnKind'
import { counted, short } from '../../components/figures'
import { shownValue } from '../../components/value'

/** What is in the columns of a version. */
export function profileQuery(name: string, version: number) {
  return queryOptions({
    queryKey: ['datasets', name, 'profile', version],
    queryFn: ({ signal }) =>
      take(
        data.GET('/api/v1/data/datasets/{name}/profile', { params: { path: { name }, query: { version } }, signal }),
      ),
    staleTime: Infinity,
  })
}

/** How the column's values are spread, one count a bar. */
export function countsOf(column: ColumnProfile): readonly number[] {
  return column.histogram?.counts ?? column.top.map((one) => one.count)
}

/** The column's range, or how many values it has, in a few words. */
export function rangeOf(column: ColumnProfile): string {
  if (column.count === 0) return 'no values'
  const kind = kindOf(column.type)
  if (kind === 'number' || kind === 'time') return `${edge(column.min, column)} – ${edge(column.max, column)}`
  if (column.distinct === null) return ''
  return column.approximate ? `about ${short(column.distinct)} values` : counted(column.distinct, 'value')
}

/** A value of the column as it is shown. */
export function edge(value: unknown, column: ColumnProfile): string {
  if (value === null || value === undefined) return ''
  if (typeof value === 'number') return shownValue(Number(value.toPrecision(6)), column.type, column.name)
  const text = shownValue(value, column.type)
  return kindOf(column.type) === 'time' ? text.slice(0, 10) : text
}
