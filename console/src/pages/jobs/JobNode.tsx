import { Link } from '@tanstack/react-router'
import type { Job } from '../../api/types'
import { Status } from '../../components/Badge'
import { percent } from '../../components/figures'
import { Progress } from '../../components/Progress'
import { subjectOf } from '../../api/jobSubject'
import { Took } from './Took'
import { STATE_TONES, STATE_WORDS } from '../../api/jobStates'
import classes from './JobGraph.module.css'

interface JobNodeProps {
  job: Job
  /** All of the graph, to name those that it waits for. */
  jobs: readonly Job[]
  selected: boolean
}

/** One job of the graph, with how it stands. */
export function JobNode({ job, jobs, selected }: JobNodeProps) {
  const before = jobs.filter((other) => job.depends_on.includes(other.id))
  return (
    <Link to={`/jobs/${job.id}`} className={classes.node} aria-current={selected || undefined}>
      <Status tone={STATE_TONES[job.state]}>
        <span className={classes.subject}>
          {job.kind} {subjectOf(job)}
        </span>
      </Status>
      <span className={classes.how}>
        <How job={job} />
      </span>
      <span className={before.length > 0 ? classes.after : 'visually-hidden'}>
        {before.length > 0 && `after ${before.map((one) => `${one.kind} ${subjectOf(one)}`).join(', ')}`}
      </span>
    </Link>
  )
}

function How({ job }: { job: Job }) {
  const word = STATE_WORDS[job.state]
  if (job.state === 'running')
    return (
      <>
        {word} {percent(job.progress)} <Progress value={job.progress} label={`${job.kind} ${subjectOf(job)}`} />
      </>
    )
  if (job.state === 'queued' && job.depends_on.length > 0) return <>{word}, waits for {job.depends_on.length}</>
  if (job.started_at === null) return <>{word}</>
  return (
    <>
      {word} · <Took job={job} />
    </>
  )
}
