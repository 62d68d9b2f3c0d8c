import { ChevronLeft, ChevronRight } from 'lucide-react'
import { Button } from '../../components/Button'
import { duration, Num } from '../../components/figures'
import { Skeleton } from '../../components/Skeleton'
import type { RowsPage } from './rows'
import classes from './RowsTab.module.css'

interface PagingProps {
  page: RowsPage | undefined
  from: number
  /** How many rows there are, where that is known. */
  total: number | undefined
  onNext: () => void
  onPrevious: () => void
}

/** Which rows these are, how long they took, and the way to the next. */
export function Paging({ page, from, total, onNext, onPrevious }: PagingProps) {
  return (
    <div className={classes.paging}>
      <span role="status">{page ? <Which page={page} from={from} total={total} /> : <Skeleton width={22} />}</span>
      <Button kind="quiet" icon={ChevronLeft} aria-label="Previous page" disabled={!page || from === 0} onClick={onPrevious} />
      <Button kind="quiet" icon={ChevronRight} aria-label="Next page" disabled={!page?.more} onClick={onNext} />
    </div>
  )
}

function Which({ page, from, total }: { page: RowsPage; from: number; total: number | undefined }) {
  const to = from + page.rows.length
  const all = page.more ? total : to
  return (
    <>
      {page.rows.length > 0 && (
        <>
          <Num value={from + 1} />–<Num value={to} />{' '}
        </>
      )}
      {all === undefined ? 'rows, more follow' : <>of <Num value={all} /> {all === 1 ? 'row' : 'rows'}</>}
      {` · ${duration(page.ms)}${page.cached ? ', cached' : ''}`}
    </>
  )
}
