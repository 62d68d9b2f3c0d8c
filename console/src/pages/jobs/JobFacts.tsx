import { Link } from '@tanstack/react-router'
import type { Job } from '../../api/types'
import { Card } from '../../components/Card'
import { duration } from '../../components/figures'
import { RelativeTime } from '../../components/RelativeTime'
import { type Fact, Facts } from './Facts'
import { hasEnded } from './jobs'
import { Owner } from './Owner'
import { Took } from './Took'

/** How the job is run, and when what happened. */
export function JobFacts({ job }: { job: Job }) {
  return (
    <Card title="Details">
      <Facts facts={factsOf(job)} />
    </Card>
  )
}

function factsOf(job: Job): Fact[] {
  return [
    { name: 'Owner', value: <Owner id={job.owner} /> },
    { name: 'Queue', value: `${job.queue}${waited(job)}` },
    { name: 'Attempt', value: job.attempt === 0 ? 'none yet' : `${job.attempt} of ${job.retries + 1}` },
    { name: 'Priority', value: job.priority },
    { name: 'Timeout', value: duration(job.timeout_s * 1000) },
    ...moment('Not before', job.run_at),
    ...moment('Not begun after', job.deadline),
    { name: 'Submitted', value: <RelativeTime at={job.created_at} /> },
    ...moment('Started', job.started_at),
    ...moment('Ended', job.finished_at),
    { name: hasEnded(job) ? 'Took' : 'Runs for', value: <Took job={job} /> },
    ...(job.tags.length > 0 ? [{ name: 'Tags', value: <Tags tags={job.tags} /> }] : []),
    { name: 'Id', value: <code>{job.id}</code> },
  ]
}

function waited({ created_at, started_at, attempt, depends_on }: Job): string {
  if (started_at === null || attempt > 1 || depends_on.length > 0) return ''
  return ` · waited ${duration(Date.parse(started_at) - Date.parse(created_at))}`
}

function moment(name: string, at: string | null): Fact[] {
  return at === null ? [] : [{ name, value: <RelativeTime at={at} /> }]
}

function Tags({ tags }: { tags: readonly string[] }) {
  return (
    <>
      {tags.map((tag, index) => (
        <span key={tag}>
          {index > 0 && ', '}
          <Link to={`/jobs?tag=${encodeURIComponent(tag)}`}>{tag}</Link>
        </span>
      ))}
    </>
  )
}
