import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { RefreshCw } from 'lucide-react'
import { Badge, type Tone } from '../../components/Badge'
import { Button } from '../../components/Button'
import { Card } from '../../components/Card'
import { counted } from '../../components/figures'
import { ProblemNotice } from '../../components/ProblemNotice'
import { RelativeTime } from '../../components/RelativeTime'
import { Skeleton } from '../../components/Skeleton'
import { type Column, Table } from '../../components/Table'
import type { AuditEntry } from '../../api/types'
import { deedOf, useAudit } from './audit'
import { AuditFilters } from './AuditFilters'
import classes from './Access.module.css'
import { accessRoute } from './place'
import { usersQuery } from './users'

const TONES: Record<string, Tone> = { done: 'good', refused: 'warn', failed: 'bad' }

/** Who did what to which thing, when, from where, and how it ended. */
export function AuditTab() {
  const { who, service, outcome, since, filter = '' } = accessRoute.useSearch()
  const users = useQuery({ ...usersQuery, placeholderData: keepPreviousData }).data ?? []
  const audit = useAudit({ who, service, outcome, since })
  const loaded = audit.data?.pages.flatMap((page) => page.items)
  const shown = loaded?.filter((entry) => holds(entry, filter))
  if (audit.isError && !audit.data) return <ProblemNotice error={audit.error} retry={() => void audit.refetch()} />
  return (
    <div className={classes.stack}>
      <AuditFilters users={users} />
      <Card
        flush
        title={shown ? `${audit.hasNextPage ? 'Newest ' : ''}${counted(shown.length, 'entry', 'entries')}` : <Skeleton width={16} />}
        aside={
          <>
            {audit.data ? <>read <RelativeTime at={new Date(audit.dataUpdatedAt).toISOString()} /></> : <Skeleton width={8} />}{' '}
            <Button
              kind="quiet"
              icon={RefreshCw}
              aria-label="Read again"
              busy={audit.isFetching && !audit.isFetchingNextPage}
              onClick={() => void audit.refetch()}
            />
          </>
        }
      >
        <Table label="Audit trail" columns={COLUMNS} rows={shown} rowKey={(entry) => entry.id} expected={12} />
        {shown?.length === 0 && (
          <p className={classes.none}>
            {filter && audit.hasNextPage ? 'None of the entries read so far fits.' : 'Nothing fits these filters.'}
          </p>
        )}
        {audit.hasNextPage && (
          <div className={classes.foot}>
            <Button busy={audit.isFetchingNextPage} onClick={() => void audit.fetchNextPage()}>
              Show older entries
            </Button>
          </div>
        )}
      </Card>
    </div>
  )
}

const COLUMNS: readonly Column<AuditEntry>[] = [
  { name: 'at', header: 'When', cell: (entry) => <RelativeTime at={entry.at} /> },
  {
    name: 'who',
    header: 'Who',
    cell: (entry) => (
      <>
        <strong>{entry.name}</strong>
        {entry.actor && <span className={classes.soft}> by {entry.actor}</span>}
      </>
    ),
  },
  { name: 'what', header: 'Did', cell: deedOf },
  { name: 'resource', header: 'To', cell: (entry) => <code>{entry.resource}</code> },
  {
    name: 'outcome',
    header: 'Outcome',
    cell: (entry) => (
      <>
        <Badge tone={TONES[entry.outcome] ?? 'neutral'}>{entry.outcome}</Badge>{' '}
        <span className={classes.soft}>{entry.status}</span>
      </>
    ),
  },
  { name: 'from', header: 'From', cell: (entry) => <code>{entry.address ?? 'unknown'}</code> },
  { name: 'request', header: 'Request', cell: (entry) => <code className={classes.soft}>{entry.request_id}</code> },
]

function holds(entry: AuditEntry, text: string): boolean {
  const words = `${entry.name} ${deedOf(entry)} ${entry.action} ${entry.resource} ${entry.request_id}`.toLowerCase()
  return text.toLowerCase().split(/\s+/).every((word) => words.includes(word))
}
