import { kindOf } from '../../components/columnKind'
import type { Spec } from '../../components/vega/chart'
import type { QueryResult } from '../../api/types'

export const MARKS = ['bar', 'line', 'area', 'point', 'rect'] as const
export type Mark = (typeof MARKS)[number]

/** How an answer is drawn: what runs across, what up, and what has the colours. */
export interface Drawing {
  mark: Mark
  x: string
  y: string
  color: string
}

export const MARKS_AT_MOST = 5_000
/** Drawn by its number of rows, not by a column. */
export const COUNT = '(rows)'
const FEW = 31
const MANY_NAMES = 12
const LONG_NAME = 9

type Columns = QueryResult['columns']

/** The chart that fits the columns; none when there is nothing to draw. */
export function suggest(result: Pick<QueryResult, 'columns' | 'rows'>): Drawing | undefined {
  const { columns, rows } = result
  if (rows.length === 0) return undefined
  const of = (...kinds: string[]) => columns.filter((one) => kinds.includes(kindOf(one.type)))
  const [time, [first, second], names] = [of('time')[0], of('number'), of('text', 'boolean')]
  const figure = of('number').find((one) => isOrdered(result, one.name)) ?? first
  if (time && first) return { mark: 'line', x: time.name, y: first.name, color: fewIn(result, names[0]?.name) }
  if (names[0] && names[1] && first) return { mark: 'rect', x: names[0].name, y: names[1].name, color: first.name }
  if (names[0]) return bars(result, names[0].name, figure?.name ?? COUNT)
  if (first && second) {
    const steps = isStep(result, first.name)
    return { mark: steps ? 'bar' : 'point', x: first.name, y: second.name, color: '' }
  }
  if (first && rows.length > 1) return { mark: 'bar', x: first.name, y: COUNT, color: '' }
  return time ? { mark: 'bar', x: time.name, y: COUNT, color: '' } : undefined
}

/** The drawing as Vega-Lite. */
export function specOf({ mark, x, y, color }: Drawing, result: Pick<QueryResult, 'columns' | 'rows'>): Spec {
  const flat = mark === 'bar' && kindOf(typeOf(result.columns, x)) === 'number' && isName(result.columns, y)
  const channel = (name: string, where: 'x' | 'y' | 'color') =>
    channelOf(name, where, flat ? 'lying' : mark, result)
  return {
    mark: { type: mark, tooltip: true },
    encoding: {
      x: { ...channel(x, 'x'), ...(flat && { axis: { grid: true } }) },
      y: { ...channel(y, 'y'), ...(flat && { axis: { labelLimit: 160 } }) },
      ...(color && { color: channel(color, 'color') }),
    },
  }
}

function channelOf(name: string, where: 'x' | 'y' | 'color', mark: Mark | 'lying', result: Pick<QueryResult, 'columns' | 'rows'>) {
  if (name === COUNT) return { aggregate: 'count', type: 'quantitative', title: 'rows' }
  const kind = kindOf(typeOf(result.columns, name))
  const field = name.replace(/([.[\]\\'"])/g, '\\$1')
  if (kind === 'time') return { field, type: 'temporal', title: name }
  if (kind !== 'number') {
    const upright = where === 'x' && new Set(valuesOf(result, name)).size <= MANY_NAMES && { axis: { labelAngle: 0 } }
    return { field, type: 'nominal', title: name, ...(where !== 'color' && { sort: null }), ...upright }
  }
  if (mark === 'bar' && where === 'x') {
    return isStep(result, name)
      ? { field, type: 'ordinal', title: name, axis: { labelAngle: 0 } }
      : { field, type: 'quantitative', title: name, ...(isCounted(result) && { bin: { maxbins: 30 } }) }
  }
  return { field, type: 'quantitative', title: name, ...(mark === 'point' && where !== 'color' && { scale: { zero: false } }) }
}

// Long or many names stand upright beside lying bars.
function bars(result: Pick<QueryResult, 'columns' | 'rows'>, name: string, figure: string): Drawing {
  const values = valuesOf(result, name).map(String)
  const longest = Math.max(...values.map((one) => one.length))
  const lying = values.length > MANY_NAMES || longest > LONG_NAME
  return lying ? { mark: 'bar', x: figure, y: name, color: '' } : { mark: 'bar', x: name, y: figure, color: '' }
}

function fewIn(result: Pick<QueryResult, 'columns' | 'rows'>, name: string | undefined): string {
  return name !== undefined && new Set(valuesOf(result, name)).size <= MANY_NAMES ? name : ''
}

// What the query ordered by is what it is about.
function isOrdered(result: Pick<QueryResult, 'columns' | 'rows'>, name: string): boolean {
  const values = valuesOf(result, name).map(Number)
  const falls = values.every((value, at) => at === 0 || value <= (values[at - 1] ?? value))
  const rises = values.every((value, at) => at === 0 || value >= (values[at - 1] ?? value))
  return values.length > 2 && (falls || rises)
}

// Whole numbers of which each is there once, such as hours or months, are steps rather than amounts.
function isStep(result: Pick<QueryResult, 'columns' | 'rows'>, name: string): boolean {
  const values = valuesOf(result, name)
  return values.length <= FEW && new Set(values).size === values.length && values.every(Number.isInteger)
}

function isCounted(result: Pick<QueryResult, 'columns' | 'rows'>): boolean {
  return result.columns.filter((one) => kindOf(one.type) === 'number').length === 1
}

function valuesOf({ columns, rows }: Pick<QueryResult, 'columns' | 'rows'>, name: string): unknown[] {
  const at = columns.findIndex((one) => one.name === name)
  return rows.map((row) => row[at])
}

function typeOf(columns: Columns, name: string): string {
  return name === COUNT ? 'BIGINT' : (columns.find((one) => one.name === name)?.type ?? 'VARCHAR')
}

function isName(columns: Columns, name: string): boolean {
  return name !== COUNT && ['text', 'boolean'].includes(kindOf(typeOf(columns, name)))
}
