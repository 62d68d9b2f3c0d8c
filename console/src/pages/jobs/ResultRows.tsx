import { counted } from '../../components/figures'
import { type Column, Table } from '../../components/Table'
import classes from './JobPage.module.css'

interface Rows {
  columns: readonly { name: string; type: string }[]
  rows: readonly (readonly unknown[])[]
  /** How many there are in all. */
  count: number
}

/** The rows that a query's result holds, if it is one. */
export function rowsOf(result: Record<string, unknown>): Rows | undefined {
  const { columns, rows, row_count: count } = result
  if (!Array.isArray(columns) || !Array.isArray(rows) || typeof count !== 'number') return undefined
  return { columns: columns as Rows['columns'], rows: rows as Rows['rows'], count }
}

interface Row {
  key: string
  values: readonly unknown[]
}

/** The first rows of a query's answer. */
export function ResultRows({ rows: { columns, rows, count } }: { rows: Rows }) {
  const listed = columns.map(
    (column, index): Column<Row> => ({
      name: `${index} ${column.name}`,
      header: column.name,
      figures: isNumber(column.type),
      cell: (row) => shown(row.values[index]),
    }),
  )
  const named = rows.map((values, index) => ({ key: String(index), values }))
  return (
    <>
      <p>{rows.length < count ? `The first ${rows.length} of ${counted(count, 'row')}` : counted(count, 'row')}</p>
      <div className={classes.rows}>
        <Table label="Rows of the result" rows={named} rowKey={(row) => row.key} columns={listed} />
      </div>
    </>
  )
}

function isNumber(type: string): boolean {
  return /INT|DOUBLE|FLOAT|REAL|DECIMAL/i.test(type)
}

function shown(value: unknown): string {
  if (value === null || value === undefined) return 'null'
  if (typeof value === 'number') return value.toLocaleString(undefined, { maximumFractionDigits: 10 })
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}
