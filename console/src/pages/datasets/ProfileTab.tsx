import { useQuery } from '@tanstack/react-query'
import type { ColumnProfile, Dataset } from '../../api/types'
import { Bars } from '../../components/Bars'
import { Card } from '../../components/Card'
import { kindOf, shortType } from '../../components/columnKind'
import { counted, Num, percent } from '../../components/figures'
import { ProblemNotice } from '../../components/ProblemNotice'
import { type Column, Table } from '../../components/Table'
import { datasetRoute } from './place'
import { countsOf, edge, profileQuery } from './profile'
import classes from './ProfileTab.module.css'

/** What is in each column. */
export function ProfileTab({ dataset }: { dataset: Dataset }) {
  const { version = dataset.version } = datasetRoute.useSearch()
  const profile = useQuery(profileQuery(dataset.name, version))
  if (profile.isError) return <ProblemNotice error={profile.error} retry={() => void profile.refetch()} />
  const rows = profile.data?.rows ?? dataset.rows
  return (
    <Card
      flush
      title="Columns"
      aside={profile.data ? `${counted(rows, 'row')}, version ${profile.data.version}` : 'Looking at every value'}
    >
      <Table
        label="Columns"
        columns={columns(rows)}
        rows={profile.data?.columns}
        rowKey={(one) => one.name}
        expected={dataset.columns.length}
      />
    </Card>
  )
}

function columns(rows: number): Column<ColumnProfile>[] {
  return [
    {
      name: 'column',
      header: 'Column',
      cell: (one) => (
        <>
          <strong className={classes.name}>{one.name}</strong> <code className={classes.type}>{shortType(one.type)}</code>
        </>
      ),
    },
    { name: 'spread', header: 'Spread', cell: (one) => <Bars counts={countsOf(one)} label={spread(one)} /> },
    {
      name: 'missing',
      header: 'Missing',
      figures: true,
      cell: (one) =>
        one.nulls === 0 ? (
          <span className={classes.quiet}>none</span>
        ) : (
          <span title={counted(one.nulls, 'row')}>{percent(rows === 0 ? 0 : one.nulls / rows)}</span>
        ),
    },
    {
      name: 'distinct',
      header: 'Different',
      figures: true,
      cell: (one) => one.distinct !== null && <>{one.approximate && 'about '}<Num value={one.distinct} /></>,
    },
    { name: 'min', header: 'Least', figures: true, cell: (one) => measured(one) && edge(one.min, one) },
    { name: 'median', header: 'Median', figures: true, cell: (one) => edge(quantile(one, 0.5), one) },
    { name: 'mean', header: 'Mean', figures: true, cell: (one) => measured(one) && edge(one.mean, one) },
    { name: 'p95', header: '95 %', figures: true, cell: (one) => edge(quantile(one, 0.95), one) },
    { name: 'max', header: 'Most', figures: true, cell: (one) => measured(one) && edge(one.max, one) },
    {
      name: 'top',
      header: 'Most often',
      cell: (one) => (
        <span className={classes.top} title={often(one)}>
          {often(one)}
        </span>
      ),
    },
  ]
}

function measured(column: ColumnProfile): boolean {
  return ['number', 'time'].includes(kindOf(column.type))
}

function quantile(column: ColumnProfile, at: number): unknown {
  return column.quantiles.find((one) => one.at === at)?.value
}

function often(column: ColumnProfile): string {
  return column.top
    .slice(0, 4)
    .map((one) => `${String(one.value)} ${percent(column.count === 0 ? 0 : one.count / column.count)}`)
    .join(', ')
}

function spread(column: ColumnProfile): string {
  return `How ${column.name} is spread`
}
