import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { Dataset } from '../../api/types'
import { Bars } from '../../components/Bars'
import { Button } from '../../components/Button'
import { Card } from '../../components/Card'
import { type DataColumn, DataTable } from '../../components/DataTable'
import { ProblemNotice } from '../../components/ProblemNotice'
import { useKeys } from '../../shell/keys'
import { ColumnMenu } from './ColumnMenu'
import { ExportMenu } from './ExportMenu'
import { Filters } from './Filters'
import { usePut } from './link'
import { Paging } from './Paging'
import { datasetRoute } from './place'
import { countsOf, profileQuery, rangeOf } from './profile'
import { RowDialog } from './RowDialog'
import { PAGE, rowsQuery } from './rows'
import { useColumnsOf } from './versions'
import classes from './RowsTab.module.css'

/** The rows, filtered, sorted and paged by the link. */
export function RowsTab({ dataset }: { dataset: Dataset }) {
  const { where = '', order = '', from = 0, columns, row, version = dataset.version } = datasetRoute.useSearch()
  const known = useColumnsOf(dataset, version)
  const chosen = useMemo(() => columns?.split(','), [columns])
  const shown = useMemo(() => known.filter((one) => !chosen || chosen.includes(one.name)), [known, chosen])
  const seen = { name: dataset.name, version, where, order, from, columns: chosen && shown.map((one) => one.name) }
  const page = useQuery({ ...rowsQuery(seen), enabled: shown.length > 0 })
  const profile = useQuery(profileQuery(dataset.name, version)).data
  const put = usePut()
  const restart = (change: Parameters<typeof put>[0]) => put({ ...change, from: undefined, row: undefined })
  const rows = useMemo(() => page.data?.rows.map((one) => shown.map((column) => one[column.name])), [page.data, shown])
  const heads = shown.map((column): DataColumn => {
    const found = profile?.columns.find((one) => one.name === column.name)
    const down = order === `${column.name}.desc`
    const up = order === column.name
    return {
      ...column,
      above: found ? <Bars counts={countsOf(found)} label={`How ${column.name} is spread`} /> : <div className={classes.spread} />,
      below: found ? rangeOf(found) : '\u00a0',
      onSort: () => restart({ order: up ? `${column.name}.desc` : down ? undefined : column.name }),
      sorted: up ? 'ascending' : down ? 'descending' : undefined,
    }
  })
  const next = () => put({ from: from + PAGE, row: undefined })
  const previous = () => put({ from: Math.max(from - PAGE, 0) || undefined, row: undefined })
  useKeys([
    ...(page.data?.more ? [{ keys: 'n', label: 'Next page', run: next }] : []),
    ...(from > 0 ? [{ keys: 'p', label: 'Previous page', run: previous }] : []),
  ])
  return (
    <div className={classes.rows}>
      <div className={classes.toolbar}>
        <Filters columns={known} where={where} onChange={(to) => restart({ where: to || undefined })} />
        <div className={classes.right}>
          <Paging
            page={page.data}
            from={from}
            total={where ? undefined : version === dataset.version ? dataset.rows : profile?.rows}
            onNext={next}
            onPrevious={previous}
          />
          <ColumnMenu
            columns={known.map((one) => one.name)}
            shown={shown.map((one) => one.name)}
            onChange={(to) => put({ columns: to?.join(',') })}
          />
          <ExportMenu seen={seen} />
        </div>
      </div>
      {page.isError && (
        <ProblemNotice
          error={page.error}
          action={
            where ? <Button onClick={() => restart({ where: undefined })}>Clear filters</Button> : undefined
          }
          retry={() => void page.refetch()}
        />
      )}
      {!page.isError && (
        <Card flush>
          <DataTable
            label={`Rows of ${dataset.name}`}
            columns={heads}
            rows={rows}
            selected={row === undefined ? undefined : row - from}
            onSelect={(index) => put({ row: from + index })}
            onOpen={(index) => put({ row: from + index, open: 1 })}
          />
          {rows?.length === 0 && (
            <div className={classes.none}>
              <p>{where ? 'No row passes these filters.' : 'This version has no rows.'}</p>
              {where && <Button onClick={() => restart({ where: undefined })}>Clear filters</Button>}
            </div>
          )}
        </Card>
      )}
      <RowDialog columns={shown} row={row === undefined ? undefined : rows?.[row - from]} number={row} />
    </div>
  )
}
