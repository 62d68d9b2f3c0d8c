import { useMutation, useQuery } from '@tanstack/react-query'
import { type DeletedDataset, deletedQuery } from '../../api/datasets'
import { Button } from '../../components/Button'
import { Card } from '../../components/Card'
import { EmptyState } from '../../components/EmptyState'
import { bytes, Num } from '../../components/figures'
import { ProblemNotice } from '../../components/ProblemNotice'
import { RelativeTime } from '../../components/RelativeTime'
import { type Column, Table } from '../../components/Table'
import { bringBack } from './deleting'
import classes from './DatasetsPage.module.css'

/** What was deleted and can still be brought back. */
export function DeletedDatasets({ mayWrite }: { mayWrite: boolean }) {
  const deleted = useQuery(deletedQuery)
  if (deleted.isError && !deleted.data) return <ProblemNotice error={deleted.error} retry={() => void deleted.refetch()} />
  return (
    <Card flush>
      {deleted.data?.length === 0 ? (
        <EmptyState title="Nothing was deleted lately">
          A deleted dataset stands here, with all its versions, until it is gone for good.
        </EmptyState>
      ) : (
        <Table
          label="Deleted datasets"
          columns={mayWrite ? [...COLUMNS, BACK] : COLUMNS}
          rows={deleted.data}
          rowKey={(one) => one.id}
          expected={3}
        />
      )}
    </Card>
  )
}

const COLUMNS: readonly Column<DeletedDataset>[] = [
  { name: 'name', header: 'Name', cell: (one) => <span className={classes.name}>{one.name}</span> },
  { name: 'rows', header: 'Rows', figures: true, cell: (one) => <Num value={one.rows} /> },
  { name: 'size', header: 'Size', figures: true, cell: (one) => bytes(one.bytes) },
  { name: 'deleted', header: 'Deleted', cell: (one) => <RelativeTime at={one.deleted_at} /> },
  { name: 'by', header: 'By', cell: (one) => one.deleted_by ?? 'unknown' },
  { name: 'until', header: 'Gone for good', cell: (one) => <RelativeTime at={one.kept_until} /> },
]

const BACK: Column<DeletedDataset> = {
  name: 'back',
  header: <span className="visually-hidden">Bring back</span>,
  figures: true,
  cell: (one) => <BringBack dataset={one} />,
}

function BringBack({ dataset }: { dataset: DeletedDataset }) {
  const back = useMutation({ mutationFn: () => bringBack(dataset) })
  return (
    <Button kind="quiet" busy={back.isPending} aria-label={`Bring back ${dataset.name}`} onClick={() => back.mutate()}>
      Bring back
    </Button>
  )
}
