import { useInfiniteQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { data, take } from '../../api/services'
import type { QueryStatus } from '../../api/types'
import { Badge, type Tone } from '../../components/Badge'
import { Button } from '../../components/Button'
import { Dialog } from '../../components/Dialog'
import { Field } from '../../components/Field'
import { counted, duration } from '../../components/figures'
import { ProblemNotice } from '../../components/ProblemNotice'
import { RelativeTime } from '../../components/RelativeTime'
import { Skeleton } from '../../components/Skeleton'
import classes from './HistoryDialog.module.css'

const PAGE = 30
const TONES: Readonly<Record<string, Tone>> = { succeeded: 'good', failed: 'bad', running: 'info', cancelled: 'neutral' }

interface HistoryDialogProps {
  open: boolean
  onClose: () => void
  onChoose: (sql: string) => void
}

/** The queries that the reader asked, from anywhere; one opens in a tab. */
export function HistoryDialog({ open, onClose, onChoose }: HistoryDialogProps) {
  const [search, setSearch] = useState('')
  const asked = useInfiniteQuery({
    queryKey: ['query-history', search],
    queryFn: ({ pageParam, signal }) =>
      take(
        data.GET('/api/v1/data/query', {
          params: { query: { limit: PAGE, ...(search && { search }), ...(pageParam && { cursor: pageParam }) } },
          signal,
        }),
      ),
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    enabled: open,
  })
  const found = asked.data?.pages.flatMap((page) => page.items)
  return (
    <Dialog wide open={open} onClose={onClose} title="Queries you asked" description="From here, the terminal and programs.">
      <div className={classes.history}>
        <Field label="Filter by text" type="search" value={search} autoFocus onChange={(event) => setSearch(event.target.value)} />
        {asked.isError && <ProblemNotice error={asked.error} retry={() => void asked.refetch()} />}
        <ul className={classes.list}>
          {asked.isPending && Array.from({ length: 6 }, (_, index) => <li key={index}><Skeleton width={50} /></li>)}
          {found?.map((one) => (
            <li key={one.query_id}>
              <button type="button" className={classes.query} onClick={() => onChoose(one.sql)}>
                <code>{one.sql.replace(/\s+/g, ' ')}</code>
                <Facts query={one} />
              </button>
            </li>
          ))}
        </ul>
        {found?.length === 0 && <p>{search ? `No query holds “${search}”.` : 'You asked nothing yet.'}</p>}
        {asked.hasNextPage && (
          <Button busy={asked.isFetchingNextPage} onClick={() => void asked.fetchNextPage()}>
            Older queries
          </Button>
        )}
      </div>
    </Dialog>
  )
}

function Facts({ query }: { query: QueryStatus }) {
  return (
    <span className={classes.facts}>
      <Badge tone={TONES[query.state] ?? 'neutral'}>{query.state}</Badge>
      <RelativeTime at={query.started_at} />
      {query.row_count !== null && <span>{counted(query.row_count, 'row')}</span>}
      {query.elapsed_ms !== null && <span>{duration(query.elapsed_ms)}</span>}
      {query.cached && <span>cached</span>}
    </span>
  )
}
