import { quoted, quotedName } from '../../api/chartRows'
import { asObject, type Spec } from '../../components/vega/chart'
import { isSimple, TIME_UNITS } from './encoding'

const SQL: Readonly<Record<string, (column: string) => string>> = {
  count: () => 'count(*)',
  mean: (column) => `avg(${column})`,
  sum: (column) => `sum(${column})`,
  median: (column) => `median(${column})`,
  min: (column) => `min(${column})`,
  max: (column) => `max(${column})`,
  distinct: (column) => `count(DISTINCT ${column})`,
}

/** A spec and the query whose answer it shows. */
export interface Summary {
  sql: string
  spec: Spec
}

/**
 * The chart with its aggregates left to the database, for datasets of more rows than are drawn. `undefined` when the
 * spec has none, or asks for what SQL is not made for here.
 */
export function summarised(dataset: string, spec: Spec): Summary | undefined {
  const channels = Object.entries(asObject(spec['encoding']))
  const shown = channels.map(([name, channel]) => ({ name, ...termOf(asObject(channel)) }))
  if (!isSimple(spec) || 'transform' in spec || !shown.some((one) => one.aggregated)) return undefined
  if (shown.some((one) => one.sql === undefined)) return undefined
  const terms = [...new Map(shown.map((one) => [one.as, `${one.sql} AS ${quotedName(one.as)}`])).values()]
  const sql = `SELECT ${terms.join(',\n       ')}\nFROM ${quoted(dataset)}\nGROUP BY ALL\nORDER BY ALL`
  return { sql, spec: { ...spec, encoding: Object.fromEntries(shown.map(({ name, bare }) => [name, bare])) } }
}

interface Term {
  sql: string | undefined
  as: string
  aggregated: boolean
  bare: Readonly<Record<string, unknown>>
}

function termOf(channel: Readonly<Record<string, unknown>>): Term {
  const { field, aggregate, timeUnit, ...rest } = channel
  const name = typeof field === 'string' ? field : ''
  if (typeof aggregate === 'string') {
    const as = name ? `${aggregate} of ${name}` : aggregate
    const title = 'title' in rest ? {} : { title: as }
    return { sql: SQL[aggregate]?.(quotedName(name)), as, aggregated: true, bare: { ...rest, ...title, field: as } }
  }
  const unit = TIME_UNITS[timeUnit as keyof typeof TIME_UNITS]
  const sql = unit ? `date_trunc('${unit}', ${quotedName(name)})` : quotedName(name)
  return { sql: name && !('bin' in rest) ? sql : undefined, as: name, aggregated: false, bare: channel }
}
