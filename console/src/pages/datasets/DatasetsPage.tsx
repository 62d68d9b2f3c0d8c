import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { datasetsQuery } from '../../api/datasets'
import { useMay, useRefusal } from '../../api/rights'
import type { Dataset } from '../../api/types'
import { Badge } from '../../components/Badge'
import { Button, LinkButton } from '../../components/Button'
import { Card } from '../../components/Card'
import { EmptyState } from '../../components/EmptyState'
import { FilterBox } from '../../components/FilterBox'
import { bytes, counted, Num } from '../../components/figures'
import { Page, Toolbar } from '../../components/Page'
import { ProblemNotice } from '../../components/ProblemNotice'
import { RelativeTime } from '../../components/RelativeTime'
import { Skeleton } from '../../components/Skeleton'
import { type Column, Table } from '../../components/Table'
import { Uploads } from './upload/Uploads'
import { DeletedDatasets } from './DeletedDatasets'
import { hrefOf } from './hrefs'
import { datasetsRoute } from './place'
import { SampleData } from './SampleData'
import classes from './DatasetsPage.module.css'

const ABOVE_DELETED = [{ label: 'Datasets', href: '/datasets' }]

type SortBy = 'name' | 'rows' | 'bytes' | 'updated'

const ORDERS: Record<SortBy, (one: Dataset, other: Dataset) => number> = {
  name: (one, other) => one.name.localeCompare(other.name),
  rows: (one, other) => one.rows - other.rows,
  bytes: (one, other) => one.bytes - other.bytes,
  updated: (one, other) => one.updated_at.localeCompare(other.updated_at),
}

/** All datasets that the reader may see. */
export function DatasetsPage() {
  const search = datasetsRoute.useSearch()
  const { filter = '', sort = 'name', upload, deleted } = search
  const navigate = datasetsRoute.useNavigate()
  const mayWrite = useMay('editor')
  const refusal = useRefusal(upload !== undefined, 'upload data')
  const datasets = useQuery(datasetsQuery)
  const shown = datasets.data && sorted(datasets.data.filter((one) => matches(one, filter)), sort)
  const put = (change: Partial<typeof search>) => void navigate({ search: { ...search, ...change }, replace: true })
  return (
    <Page
      title={deleted ? 'Deleted datasets' : 'Datasets'}
      above={deleted ? ABOVE_DELETED : []}
      about={deleted ? 'Each comes back with all its versions.' : datasets.data ? summary(datasets.data) : <Skeleton width={32} />}
      actions={
        <>
          <Button aria-pressed={deleted === 1} onClick={() => put({ deleted: deleted ? undefined : 1 })}>
            {deleted ? 'Show all' : 'Deleted'}
          </Button>
          {mayWrite && (
            <LinkButton kind="primary" href="/datasets?upload=1" keys="u">
              Upload data
            </LinkButton>
          )}
        </>
      }
    >
      {refusal && <ProblemNotice error={refusal} />}
      {datasets.isError && <ProblemNotice error={datasets.error} retry={() => void datasets.refetch()} />}
      {deleted ? (
        <DeletedDatasets mayWrite={mayWrite} />
      ) : datasets.data?.length === 0 ? (
        <Card>
          <EmptyState
            title="No datasets yet"
            actions={
              mayWrite && (
                <>
                  <SampleData />
                  <LinkButton kind="primary" href="/datasets?upload=1">
                    Upload data
                  </LinkButton>
                </>
              )
            }
          >
            A dataset is a table with a history: each upload makes a new version, and every old one can be looked at and
            brought back. Drop a CSV, Parquet, JSON or Arrow file anywhere on this page.
          </EmptyState>
        </Card>
      ) : (
        !(datasets.isError && !datasets.data) && (
          <>
            <Toolbar aside={filter && shown ? `${shown.length} of ${counted(datasets.data?.length ?? 0, 'dataset')}` : undefined}>
              <FilterBox label="Filter datasets" value={filter} onChange={(next) => put({ filter: next || undefined })} />
            </Toolbar>
            <Card flush>
              <Table
                label="Datasets"
                columns={columns(sort, (next) => put({ sort: next === 'name' ? undefined : next }))}
                rows={shown}
                rowKey={(one) => one.name}
              />
              {shown?.length === 0 && <p className={classes.none}>No dataset’s name or description holds “{filter}”.</p>}
            </Card>
          </>
        )
      )}
      {mayWrite && (
        <Uploads
          open={upload !== undefined}
          onOpen={() => put({ upload: 1 })}
          onClose={() => put({ upload: undefined })}
        />
      )}
    </Page>
  )
}

function columns(sort: string, onSort: (sort: string | undefined) => void): Column<Dataset>[] {
  const sorting = (by: SortBy, first: '' | '-' = '-') => ({
    onSort: () => onSort(sort === `${first}${by}` ? `${first ? '' : '-'}${by}` : `${first}${by}`),
    sorted: sort === by ? ('ascending' as const) : sort === `-${by}` ? ('descending' as const) : undefined,
  })
  return [
    {
      name: 'name',
      header: 'Name',
      cell: (one) => (
        <Link to={hrefOf(one.name)} data-whole="" className={classes.name}>
          {one.name}
        </Link>
      ),
      ...sorting('name', ''),
    },
    { name: 'version', header: 'Version', cell: (one) => <Badge>version {one.version}</Badge> },
    { name: 'rows', header: 'Rows', figures: true, cell: (one) => <Num value={one.rows} />, ...sorting('rows') },
    { name: 'columns', header: 'Columns', figures: true, cell: (one) => <Num value={one.columns.length} /> },
    { name: 'size', header: 'Size', figures: true, cell: (one) => bytes(one.bytes), ...sorting('bytes') },
    { name: 'updated', header: 'Updated', cell: (one) => <RelativeTime at={one.updated_at} />, ...sorting('updated') },
    { name: 'by', header: 'Made by', cell: (one) => one.created_by },
    {
      name: 'description',
      header: 'Description',
      cell: (one) => (
        <span className={classes.description} title={one.description}>
          {one.description}
        </span>
      ),
    },
  ]
}

function matches(one: Dataset, filter: string): boolean {
  const wanted = filter.toLowerCase()
  return `${one.name} ${one.description} ${one.columns.map((column) => column.name).join(' ')}`.toLowerCase().includes(wanted)
}

function sorted(datasets: Dataset[], sort: string): Dataset[] {
  const by = sort.replace(/^-/, '')
  const order = ORDERS[by in ORDERS ? (by as SortBy) : 'name']
  return datasets.toSorted((one, other) => (sort.startsWith('-') ? order(other, one) : order(one, other)))
}

function summary(datasets: readonly Dataset[]): string {
  const rows = datasets.reduce((sum, one) => sum + one.rows, 0)
  const size = datasets.reduce((sum, one) => sum + one.bytes, 0)
  return `${counted(datasets.length, 'dataset')}, ${counted(rows, 'row')}, ${bytes(size)}`
}
