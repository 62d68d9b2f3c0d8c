import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import type { Dataset, Job } from '../../api/types'
import { subjectOf } from '../../api/jobSubject'
import { STATE_TONES, STATE_WORDS } from '../../api/jobStates'
import { Badge } from '../../components/Badge'
import { Card } from '../../components/Card'
import { EmptyState } from '../../components/EmptyState'
import { counted, percent } from '../../components/figures'
import { Heard } from '../../components/Heard'
import { ProblemNotice } from '../../components/ProblemNotice'
import { Progress } from '../../components/Progress'
import { RelativeTime } from '../../components/RelativeTime'
import { type Column, Table } from '../../components/Table'
import { datasetsQuery, recentJobsQuery } from './holdings'
import { changedAt } from './jobs'
import { PlaceName } from './PlaceName'
import classes from './Home.module.css'

const SHOWN = 10

interface Event {
  key: string
  at: string
  state: ReactNode
  what: ReactNode
  detail: ReactNode
}

const COLUMNS: readonly Column<Event>[] = [
  { name: 'what', header: 'What', cell: (event) => event.what },
  { name: 'state', header: 'State', cell: (event) => event.state },
  { name: 'detail', header: 'How it went', grows: true, cell: (event) => event.detail },
  { name: 'at', header: 'When', figures: true, cell: (event) => <RelativeTime at={event.at} /> },
]

/** What just happened and what still does: jobs, and datasets as they changed. */
export function Happening() {
  const jobs = useQuery(recentJobsQuery)
  const datasets = useQuery(datasetsQuery)
  const known = jobs.data && datasets.data
  const events = known && [...jobs.data.items.map(ofJob), ...datasets.data.items.map(ofDataset)].toSorted(newestFirst)
  const error = jobs.error ?? datasets.error
  return (
    <Card title="Happening" aside={<Heard query={jobs} />} flush={!error || !!events}>
      {events?.length === 0 ? (
        <EmptyState title="Nothing has happened yet">Uploads, jobs and changes appear here as they happen.</EmptyState>
      ) : error && !events ? (
        <ProblemNotice error={error} retry={() => void jobs.refetch()} />
      ) : (
        <Table
          label="Happening"
          columns={COLUMNS}
          rows={events?.slice(0, SHOWN)}
          rowKey={(event) => event.key}
          expected={SHOWN}
        />
      )}
    </Card>
  )
}

function ofJob(job: Job): Event {
  const about = subjectOf(job)
  return {
    key: job.id,
    at: changedAt(job),
    state: <Badge tone={STATE_TONES[job.state]}>{STATE_WORDS[job.state]}</Badge>,
    what: (
      <PlaceName href={`/jobs/${job.id}`} whole>
        <span className={classes.what}>
          {job.kind} {about && <strong>{about}</strong>}
        </span>
      </PlaceName>
    ),
    detail: <JobDetail job={job} />,
  }
}

function JobDetail({ job }: { job: Job }) {
  if (job.state === 'running') {
    return (
      <span className={classes.progress}>
        <Progress value={job.progress} label={`Progress of the ${job.kind} job`} />
        {percent(job.progress)} {job.progress_message}
      </span>
    )
  }
  if (job.error) return <span title={job.error.detail}>{job.error.detail}</span>
  return job.attempt > 1 ? `on attempt ${job.attempt}` : ''
}

function ofDataset(dataset: Dataset): Event {
  return {
    key: dataset.id,
    at: dataset.updated_at,
    state: <Badge tone="accent">version {dataset.version}</Badge>,
    what: (
      <PlaceName href={`/datasets/${encodeURIComponent(dataset.name)}`} whole>
        dataset <strong>{dataset.name}</strong>
      </PlaceName>
    ),
    detail: `${counted(dataset.rows, 'row')} in ${counted(dataset.columns.length, 'column')}`,
  }
}

function newestFirst(one: Event, other: Event): number {
  return Date.parse(other.at) - Date.parse(one.at)
}
