import { useInfiniteQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { Dataset, DatasetVersion } from '../../api/types'
import { Badge } from '../../components/Badge'
import { Button, LinkButton } from '../../components/Button'
import { Card } from '../../components/Card'
import { bytes, Num, short } from '../../components/figures'
import { ProblemNotice } from '../../components/ProblemNotice'
import { RelativeTime } from '../../components/RelativeTime'
import { type Column, Table } from '../../components/Table'
import { Difference } from './Difference'
import { hrefOf } from './hrefs'
import { datasetRoute } from './place'
import { restore } from './upload/undo'
import { versionsQuery } from './versions'
import classes from './HistoryTab.module.css'

/** How the dataset came to be, version by version. */
export function HistoryTab({ dataset, mayWrite }: { dataset: Dataset; mayWrite: boolean }) {
  const { compare } = datasetRoute.useSearch()
  const versions = useInfiniteQuery(versionsQuery(dataset.name))
  const items = versions.data?.pages.flatMap((page) => page.items)
  return (
    <div className={classes.history}>
      {compare !== undefined && compare > 0 && <Difference key={compare} name={dataset.name} to={compare} />}
      {versions.isError && <ProblemNotice error={versions.error} retry={() => void versions.refetch()} />}
      <Card flush>
        <Table
          label="Versions"
          columns={columns(dataset, mayWrite)}
          rows={items}
          rowKey={(one) => String(one.version)}
          selected={compare === undefined ? undefined : String(compare)}
        />
      </Card>
      {versions.hasNextPage && (
        <Button busy={versions.isFetchingNextPage} onClick={() => void versions.fetchNextPage()}>
          Older versions
        </Button>
      )}
    </div>
  )
}

function columns(dataset: Dataset, mayWrite: boolean): Column<DatasetVersion>[] {
  const here = hrefOf(dataset.name)
  return [
    {
      name: 'version',
      header: 'Version',
      cell: (one) =>
        one.version === dataset.version ? (
          <Link to={here} className={classes.version}>
            {one.version} <Badge tone="accent">newest</Badge>
          </Link>
        ) : (
          <Link to={`${here}?version=${one.version}`} className={classes.version}>
            {one.version}
          </Link>
        ),
    },
    { name: 'what', header: 'What', cell: (one) => one.mode ?? one.operation },
    { name: 'when', header: 'When', cell: (one) => <RelativeTime at={one.created_at} /> },
    { name: 'who', header: 'Who', cell: (one) => one.created_by },
    { name: 'rows', header: 'Rows', figures: true, cell: (one) => <Num value={one.rows} /> },
    { name: 'change', header: 'Change', figures: true, cell: (one) => <Change version={one} /> },
    { name: 'columns', header: 'Columns', figures: true, cell: (one) => <Num value={one.columns.length} /> },
    { name: 'size', header: 'Size', figures: true, cell: (one) => bytes(one.bytes) },
    {
      name: 'do',
      header: <span className="visually-hidden">What can be done</span>,
      cell: (one) => (
        <span className={classes.actions}>
          {one.version > 0 && <LinkButton kind="quiet" href={`${here}?tab=history&compare=${one.version}`}>Compare</LinkButton>}
          {mayWrite && one.version !== dataset.version && (
            <Button kind="quiet" onClick={() => void restore(dataset.name, one.version, dataset.version)}>
              Restore
            </Button>
          )}
        </span>
      ),
    },
  ]
}

function Change({ version }: { version: DatasetVersion }) {
  const { rows_added: added, rows_removed: removed } = version
  if (added === null && removed === null) return null
  return (
    <span className={classes.change}>
      {added ? <span className={classes.added}>+{short(added)}</span> : null}
      {removed ? <span className={classes.removed}>−{short(removed)}</span> : null}
      {!added && !removed && 'same rows'}
    </span>
  )
}
