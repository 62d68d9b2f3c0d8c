import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, type ReactNode, useMemo, useRef } from 'react'
import { useChosen } from '../shell/appearance'
import { kindOf, shortType } from './columnKind'
import { columnWidths } from './columnWidths'
import { Skeleton } from './Skeleton'
import { shownValue } from './value'
import classes from './DataTable.module.css'

export interface DataColumn {
  name: string
  /** The SQL type. */
  type: string
  /** Over the name: a small picture of the values. */
  above?: ReactNode
  /** Under the name: their range. */
  below?: ReactNode
  onSort?: () => void
  sorted?: 'ascending' | 'descending' | undefined
}

interface DataTableProps {
  label: string
  columns: readonly DataColumn[]
  /** Values in the columns' order; not there yet: skeletons stand in. */
  rows: readonly (readonly unknown[])[] | undefined
  /** The row that is looked at; arrow keys move it. */
  selected?: number | undefined
  onSelect?: (index: number) => void
  onOpen?: (index: number) => void
}

const ROW = { comfortable: 34, compact: 28 }
const EXPECTED = 12
const BEYOND = 12

/** Any number of rows of a dataset or an answer; only those in sight are in the page. */
export function DataTable({ label, columns, rows, selected, onSelect, onOpen }: DataTableProps) {
  const region = useRef<HTMLDivElement>(null)
  const density = useChosen('density')
  const count = rows?.length ?? 0
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => region.current,
    estimateSize: () => (density === 'compact' ? ROW.compact : ROW.comfortable),
    overscan: BEYOND,
  })
  const widths = useMemo(() => columnWidths(columns, rows ?? []), [columns, rows])
  const seen = virtual.getVirtualItems()
  const before = seen[0]?.start ?? 0
  const after = virtual.getTotalSize() - (seen.at(-1)?.end ?? 0)
  function onKeyDown(event: KeyboardEvent) {
    if (event.target !== event.currentTarget || !onSelect || count === 0) return
    const at = selected ?? -1
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: count - 1 }[event.key]
    if (to !== undefined && to >= 0 && to < count) {
      onSelect(to)
      virtual.scrollToIndex(to)
    } else if (event.key === 'Enter' && selected !== undefined) onOpen?.(selected)
    else return
    event.preventDefault()
  }
  return (
    <div
      ref={region}
      className={classes.region}
      role="region"
      aria-label={label}
      tabIndex={0}
      aria-busy={rows === undefined}
      onKeyDown={onKeyDown}
    >
      <table
        className={classes.table}
        style={{ minWidth: widths.reduce((sum, width) => sum + width, 0) }}
        aria-rowcount={count + 1}
      >
        <colgroup>
          {columns.map((column, index) => (
            <col key={column.name} style={{ width: widths[index] }} />
          ))}
        </colgroup>
        <thead>
          <tr aria-rowindex={1}>
            {columns.map((column) => (
              <Head key={column.name} column={column} />
            ))}
          </tr>
        </thead>
        <tbody>
          {rows === undefined &&
            Array.from({ length: EXPECTED }, (_, index) => (
              <tr key={index}>
                {columns.map((column) => (
                  <td key={column.name} className={figures(column)}>
                    <Skeleton width={8} />
                  </td>
                ))}
              </tr>
            ))}
          {before > 0 && <tr aria-hidden="true" style={{ height: before }} />}
          {seen.map(({ index }) => (
            <tr
              key={index}
              aria-rowindex={index + 2}
              aria-current={index === selected || undefined}
              onClick={onSelect && (() => onSelect(index))}
              onDoubleClick={onOpen && (() => onOpen(index))}
            >
              {columns.map((column, at) => (
                <Cell key={column.name} column={column} value={rows?.[index]?.[at]} />
              ))}
            </tr>
          ))}
          {after > 0 && <tr aria-hidden="true" style={{ height: after }} />}
        </tbody>
      </table>
    </div>
  )
}

function Head({ column }: { column: DataColumn }) {
  const arrow = column.sorted === 'ascending' ? ' ↑' : column.sorted === 'descending' ? ' ↓' : ''
  const name = (
    <>
      <span className={classes.name}>{column.name}</span>
      <code className={classes.type}>{shortType(column.type)}</code>
      {arrow && <span aria-hidden="true">{arrow}</span>}
    </>
  )
  return (
    <th scope="col" className={column.above === undefined ? figures(column) : ''} aria-sort={column.sorted}>
      {column.above}
      {column.onSort ? (
        <button type="button" className={classes.sort} title={column.name} onClick={column.onSort}>
          {name}
        </button>
      ) : (
        <span className={classes.sort} title={column.name}>
          {name}
        </span>
      )}
      {column.below !== undefined && <div className={classes.below}>{column.below}</div>}
    </th>
  )
}

function Cell({ column, value }: { column: DataColumn; value: unknown }) {
  if (value === null || value === undefined) {
    return (
      <td className={figures(column)}>
        <span className={classes.null}>null</span>
      </td>
    )
  }
  const text = shownValue(value, column.type, column.name)
  return (
    <td className={figures(column)} title={typeof value === 'string' && value !== text ? value : text}>
      {text}
    </td>
  )
}

function figures(column: DataColumn): string {
  const kind = kindOf(column.type)
  if (kind === 'number') return classes.figures ?? ''
  return (kind === 'time' || kind === 'nested' ? classes.mono : '') ?? ''
}
