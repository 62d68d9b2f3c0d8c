import { useQuery } from '@tanstack/react-query'
import type { Job } from '../../api/types'
import { Answer, isTold, Waiting } from '../../components/Answer'
import { Page } from '../../components/Page'
import { SkeletonBlock } from '../../components/Skeleton'
import { RelativeTime } from '../../components/RelativeTime'
import { percent } from '../../components/figures'
import { Progress } from '../../components/Progress'
import { WaitingPage } from '../../components/WaitingPage'
import { Family } from './Family'
import { familyQuery } from './family'
import { JobActions } from './JobActions'
import { JobBadge } from './JobBadge'
import { JobFacts } from './JobFacts'
import { JobLog } from './JobLog'
import { JobOutcome } from './JobOutcome'
import { JobSpec } from './JobSpec'
import { hasEnded, jobQuery, tellsHowFar } from './jobs'
import { Owner, useOwners } from './Owner'
import { jobRoute } from './place'
import { subjectOf } from '../../api/jobSubject'
import { Took } from './Took'
import { type Followed, useJobEvents } from './useJobEvents'
import classes from './JobPage.module.css'

const ABOVE = [{ label: 'Jobs', href: '/jobs' }]

/** One job, as it goes on. */
export function JobPage() {
  const { id } = jobRoute.useParams()
  const query = useQuery(jobQuery(id))
  const family = useQuery(familyQuery(id))
  const { settled } = useOwners()
  return (
    <Answer query={query} skeleton={<Unknown id={id} />}>
      {(job) =>
        isTold(family) && settled ? (
          <Known key={id} job={job} family={family.data ?? []} />
        ) : (
          <Waiting>
            <Unknown id={id} />
          </Waiting>
        )
      }
    </Answer>
  )
}

function Known({ job, family }: { job: Job; family: readonly Job[] }) {
  const followed = useJobEvents(job, hasEnded(job))
  const cancelling = job.state === 'running' && isAskedToStop(followed)
  return (
    <Page
      title={[job.kind, subjectOf(job)].filter(Boolean).join(' ')}
      above={ABOVE}
      badges={<JobBadge state={job.state} cancelling={cancelling} />}
      about={
        <>
          Submitted <RelativeTime at={job.created_at} /> by <Owner id={job.owner} />
          {job.started_at !== null && (
            <>
              , {hasEnded(job) ? 'took' : 'runs for'} <Took job={job} />
            </>
          )}
        </>
      }
      actions={<JobActions job={job} cancelling={cancelling} />}
    >
      {tellsHowFar(job) && (
        <div className={classes.progress}>
          <Progress value={job.progress} label="Progress" />
          <span>
            {percent(job.progress)}
            {job.progress_message && ` · ${job.progress_message}`}
          </span>
        </div>
      )}
      <JobOutcome job={job} />
      <Family job={job} known={family} />
      <div className={classes.halves}>
        <JobLog job={job} followed={followed} />
        <JobFacts job={job} />
      </div>
      <JobSpec spec={job.spec} />
    </Page>
  )
}

function Unknown({ id }: { id: string }) {
  return (
    <WaitingPage title={`Job ${id.slice(-8)}`} above={ABOVE} about={36} buttons={[88]}>
      <div className={classes.halves}>
        <SkeletonBlock height={360} />
        <SkeletonBlock height={360} />
      </div>
    </WaitingPage>
  )
}

function isAskedToStop({ events }: Followed): boolean {
  return events.findLast((event) => event.kind === 'state')?.message === 'cancellation requested'
}
