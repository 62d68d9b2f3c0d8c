import { Link } from '@tanstack/react-router'
import type { Job } from '../../api/types'
import { percent } from '../../components/figures'
import { Progress } from '../../components/Progress'
import { RelativeTime } from '../../components/RelativeTime'
import type { Column } from '../../components/Table'
import { JobBadge } from './JobBadge'
import { tellsHowFar } from './jobs'
import { Owner } from './Owner'
import { subjectOf } from '../../api/jobSubject'
import { Took } from './Took'
import classes from './Jobs.module.css'

/** The columns of the list. */
export const columns: readonly Column<Job>[] = [
  {
    name: 'job',
    header: 'Job',
    cell: (job) => (
      <Link to={`/jobs/${job.id}`} data-whole className={classes.name}>
        {job.kind} <strong>{subjectOf(job)}</strong>
      </Link>
    ),
  },
  { name: 'state', header: 'State', cell: (job) => <JobBadge state={job.state} /> },
  { name: 'progress', header: 'Progress', cell: (job) => <HowFar job={job} /> },
  { name: 'owner', header: 'Owner', cell: (job) => <Owner id={job.owner} /> },
  { name: 'submitted', header: 'Submitted', cell: (job) => <RelativeTime at={job.created_at} /> },
  { name: 'took', header: 'Took', figures: true, cell: (job) => <Took job={job} /> },
]

function HowFar({ job }: { job: Job }) {
  if (tellsHowFar(job))
    return (
      <span className={classes.progress}>
        <Progress value={job.progress} label={`${job.kind} ${subjectOf(job)}`} />
        <span className={classes.message}>
          {percent(job.progress)}
          {job.progress_message && ` · ${job.progress_message}`}
        </span>
      </span>
    )
  return <span className={classes.message}>{said(job)}</span>
}

function said(job: Job): string {
  if (job.error) return job.error.detail
  if (job.state === 'queued') return job.depends_on.length > 0 ? `waits for ${job.depends_on.length}` : 'waits for a worker'
  return job.attempt > 1 ? `on attempt ${job.attempt}` : ''
}
