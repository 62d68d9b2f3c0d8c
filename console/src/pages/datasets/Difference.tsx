import { useQuery } from '@tanstack/react-query'
import { X } from 'lucide-react'
import type { DatasetDiff } from '../../api/types'
import { Answer } from '../../components/Answer'
import { Button } from '../../components/Button'
import { Card } from '../../components/Card'
import { DataTable } from '../../components/DataTable'
import { counted } from '../../components/figures'
import { SkeletonBlock } from '../../components/Skeleton'
import { usePut } from './link'
import { diffQuery } from './versions'
import classes from './HistoryTab.module.css'

/** How a version differs from the one before it. */
export function Difference({ name, to }: { name: string; to: number }) {
  const diff = useQuery(diffQuery(name, to - 1, to))
  const put = usePut()
  return (
    <Card
      title={`Version ${to} beside version ${to - 1}`}
      aside={
        <Button
          kind="quiet"
          icon={X}
          aria-label="Close the comparison"
          onClick={() => put({ compare: undefined })}
        />
      }
    >
      <Answer query={diff} skeleton={<SkeletonBlock height={160} />}>
        {(found) => <Found diff={found} />}
      </Answer>
    </Card>
  )
}

function Found({ diff }: { diff: DatasetDiff }) {
  const { added, removed, retyped } = diff.change
  return (
    <div className={classes.difference}>
      <p className={classes.facts}>
        <span className={classes.added}>{counted(diff.added, 'row')} added</span>
        <span className={classes.removed}>{counted(diff.removed, 'row')} removed</span>
        {added.length > 0 && <span>new columns: {added.map((one) => `${one.name} ${one.type}`).join(', ')}</span>}
        {removed.length > 0 && <span>columns gone: {removed.map((one) => one.name).join(', ')}</span>}
        {retyped.length > 0 && (
          <span>other types: {retyped.map((one) => `${one.name} ${one.before} → ${one.after}`).join(', ')}</span>
        )}
      </p>
      {diff.added_rows.length > 0 && (
        <section>
          <h3>Added{first(diff.added_rows.length, diff.added)}</h3>
          <DataTable label="Rows added" columns={diff.columns} rows={diff.added_rows} />
        </section>
      )}
      {diff.removed_rows.length > 0 && (
        <section>
          <h3>Removed{first(diff.removed_rows.length, diff.removed)}</h3>
          <DataTable label="Rows removed" columns={diff.columns} rows={diff.removed_rows} />
        </section>
      )}
    </div>
  )
}

function first(shown: number, all: number): string {
  return shown < all ? `, the first ${shown}` : ''
}
