import { asObject, type Row, type Spec } from './chart'

const FACETS = ['row', 'column', 'facet']
const HEIGHT = 280

/** Whether the chart is one view whose size can be set as a whole; composed ones have their own. */
export function resizable(spec: Spec): boolean {
  const encoding = asObject(spec['encoding'])
  return ('mark' in spec || 'layer' in spec) && !FACETS.some((facet) => facet in encoding)
}

/** The chart for a place of this width: without title and background, which the card has. */
export function sized(spec: Spec, width: number, height: number | undefined): Spec {
  const { title: _title, background: _background, ...bare } = spec
  if (!resizable(spec)) return bare
  const own = typeof spec['height'] === 'number' ? spec['height'] : HEIGHT
  return { ...bare, width, height: height ?? own, autosize: { type: 'fit', contains: 'padding' } }
}

/** The spec over the rows, under the name that it gives its data, if it does. */
export function withRows(spec: Spec, rows: readonly Row[] | undefined): Spec {
  if (!rows) return spec
  const { name } = asObject(spec['data'])
  if (typeof name !== 'string') return { ...spec, data: { values: rows } }
  return { ...spec, data: { name }, datasets: { ...asObject(spec['datasets']), [name]: rows } }
}

/** Days begin at the reader's midnight: JavaScript takes a bare day for midnight in Greenwich. */
export function atMidnight(
  rows: readonly Row[] | undefined,
  columns: readonly { name: string; type: string }[] = [],
): readonly Row[] | undefined {
  const days = columns.filter((column) => column.type.toUpperCase() === 'DATE').map((column) => column.name)
  if (!rows || days.length === 0) return rows
  return rows.map((row) => ({
    ...row,
    ...Object.fromEntries(days.filter((day) => row[day] != null).map((day) => [day, `${String(row[day])}T00:00:00`])),
  }))
}
