import type { KeyboardEvent, ReactNode } from 'react'
import { Skeleton } from './Skeleton'
import { useAwaited } from './useAwaited'
import classes from './Table.module.css'

export interface Column<Row> {
  /** Unique in the table. */
  name: string
  header: ReactNode
  cell: (row: Row) => ReactNode
  /** Figures stand at the right. */
  figures?: boolean
  /** Takes the room that is left, and is cut off rather than widen the table. */
  grows?: boolean
  /** Sorts by it when pressed; `sorted` says how it is now. */
  onSort?: () => void
  sorted?: 'ascending' | 'descending' | undefined
}

interface TableProps<Row> {
  /** What the rows are, for those who don't see them. */
  label: string
  columns: readonly Column<Row>[]
  /** Not there yet: skeletons stand in. */
  rows: readonly Row[] | undefined
  rowKey: (row: Row) => string
  /** How many skeletons the first time; later as many as there were rows the last time. */
  expected?: number
  selected?: string | undefined
}

/**
 * Rows and columns. Arrow keys, Home and End move among the rows; a link with `data-whole` in a row is the row's own.
 * Narrow, it scrolls sideways and keeps the first column.
 */
export function Table<Row>({ label, columns, rows, rowKey, expected = 5, selected }: TableProps<Row>) {
  const awaited = useAwaited(label, rows?.length, expected)
  return (
    <div className={classes.scroll} role="region" aria-label={label} tabIndex={0} aria-busy={rows === undefined}>
      <table className={classes.table}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column.name} scope="col" className={look(column)} aria-sort={column.sorted}>
                {column.onSort ? <SortButton column={column} /> : column.header}
              </th>
            ))}
          </tr>
        </thead>
        <tbody onKeyDown={moveAmongRows}>
          {rows === undefined
            ? Array.from({ length: awaited }, (_, index) => <SkeletonRow key={index} columns={columns} />)
            : rows.map((row) => {
                const key = rowKey(row)
                return (
                  <tr key={key} tabIndex={-1} aria-current={key === selected || undefined}>
                    {columns.map((column) => (
                      <td key={column.name} className={look(column)}>
                        {column.cell(row)}
                      </td>
                    ))}
                  </tr>
                )
              })}
        </tbody>
      </table>
    </div>
  )
}

function look<Row>(column: Column<Row>): string {
  return [column.figures && classes.figures, column.grows && classes.grows].filter(Boolean).join(' ')
}

function SortButton<Row>({ column }: { column: Column<Row> }) {
  const arrow = column.sorted === 'ascending' ? '↑' : column.sorted === 'descending' ? '↓' : ''
  return (
    <button type="button" className={classes.sort} onClick={column.onSort}>
      {column.header} <span aria-hidden="true">{arrow}</span>
    </button>
  )
}

function SkeletonRow<Row>({ columns }: { columns: readonly Column<Row>[] }) {
  return (
    <tr>
      {columns.map((column, index) => (
        <td key={column.name} className={look(column)}>
          <Skeleton width={index === 0 ? 12 : 6} />
        </td>
      ))}
    </tr>
  )
}

function moveAmongRows(event: KeyboardEvent<HTMLTableSectionElement>): void {
  const rows = [...event.currentTarget.rows]
  const at = rows.findIndex((row) => row.contains(event.target as Node))
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: rows.length - 1 }[event.key]
  const row = to === undefined ? undefined : rows[to]
  if (!row || isTyping(event.target)) return
  event.preventDefault()
  const own = row.querySelector<HTMLElement>('a, button') ?? row
  own.focus()
  row.scrollIntoView({ block: 'nearest' })
}

function isTyping(target: EventTarget): boolean {
  return target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement
}
