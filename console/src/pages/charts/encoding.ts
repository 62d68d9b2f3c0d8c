import type { Column } from '../../api/chartRows'
import { asObject, type Spec } from '../../components/vega/chart'
import { kindOf } from '../../components/columnKind'

export const MARKS = ['bar', 'line', 'area', 'point', 'rect', 'arc', 'tick', 'boxplot'] as const
export const AGGREGATES = ['count', 'mean', 'sum', 'median', 'min', 'max', 'distinct'] as const
export const TIME_UNITS = {
  year: 'year',
  yearmonth: 'month',
  yearweek: 'week',
  yearmonthdate: 'day',
  yearmonthdatehours: 'hour',
} as const
export const SORTS = { '': 'by its own order', '-y': 'largest first', y: 'smallest first' } as const

export type ChannelName = 'x' | 'y' | 'color'

/** What a channel shows, as the form knows it; empty texts where nothing is chosen. */
export interface Channel {
  field: string
  aggregate: string
  timeUnit: string
}

/** Whether the form can say all that matters of the spec: one view with one mark. */
export function isSimple(spec: Spec): boolean {
  return 'mark' in spec && !['layer', 'hconcat', 'vconcat', 'concat', 'facet', 'repeat'].some((key) => key in spec)
}

export function markOf(spec: Spec): string {
  const mark = spec['mark']
  return typeof mark === 'string' ? mark : String(asObject(mark)['type'] ?? '')
}

export function withMark(spec: Spec, type: string): Spec {
  const mark = spec['mark']
  return { ...spec, mark: typeof mark === 'string' ? type : { ...asObject(mark), type } }
}

export function channelOf(spec: Spec, name: ChannelName): Channel {
  const { field, aggregate, timeUnit } = asObject(asObject(spec['encoding'])[name])
  const text = (value: unknown) => (typeof value === 'string' ? value : '')
  return { field: text(field), aggregate: text(aggregate), timeUnit: text(timeUnit) }
}

/** The spec with another channel: of the type that fits the column, its title gone when it shows something else. */
export function withChannel(spec: Spec, name: ChannelName, to: Channel, columns: readonly Column[]): Spec {
  const encoding = asObject(spec['encoding'])
  const { [name]: present, ...others } = encoding
  if (!to.field && to.aggregate !== 'count') return { ...spec, encoding: others }
  const { title, field, aggregate, timeUnit, type: _type, bin: _bin, ...kept } = asObject(present)
  const same = field === (to.field || undefined) && aggregate === (to.aggregate || undefined)
  return {
    ...spec,
    encoding: {
      ...encoding,
      [name]: {
        ...kept,
        ...(to.field && to.aggregate !== 'count' && { field: to.field }),
        ...(to.aggregate && { aggregate: to.aggregate }),
        ...(to.timeUnit && !to.aggregate && { timeUnit: to.timeUnit }),
        type: typeOf(to, name, columns),
        ...(same && title !== undefined && timeUnit === (to.timeUnit || undefined) && { title }),
      },
    },
  }
}

export function sortOf(spec: Spec): string {
  const { sort } = asObject(asObject(spec['encoding'])['x'])
  return typeof sort === 'string' ? sort : ''
}

export function withSort(spec: Spec, sort: string): Spec {
  const encoding = asObject(spec['encoding'])
  const { sort: _sort, ...x } = asObject(encoding['x'])
  return { ...spec, encoding: { ...encoding, x: sort ? { ...x, sort } : x } }
}

/** The column of that name. */
export function columnOf(columns: readonly Column[], name: string): Column | undefined {
  return columns.find((column) => column.name === name)
}

function typeOf(channel: Channel, name: ChannelName, columns: readonly Column[]): string {
  if (channel.aggregate) return 'quantitative'
  const kind = kindOf(columnOf(columns, channel.field)?.type ?? '')
  if (kind === 'time') return 'temporal'
  if (kind === 'number') return name === 'color' ? 'ordinal' : 'quantitative'
  return 'nominal'
}
