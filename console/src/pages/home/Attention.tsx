import { subjectOf } from '../../api/jobSubject'
import type { ReactNode } from 'react'
import { Status } from '../../components/Badge'
import { Button, LinkButton } from '../../components/Button'
import { RelativeTime } from '../../components/RelativeTime'
import { toast } from '../../components/Toasts'
import type { Instance, Job } from '../../api/types'
import { hide, show } from './hidden'
import { changedAt } from './jobs'
import { leadsSomewhere, PlaceName } from './PlaceName'
import classes from './Home.module.css'

const SHOWN = 3

interface AttentionProps {
  ill: readonly Instance[]
  failed: readonly Job[]
}

/** What wants a look: services that aren't ready and jobs that failed. */
export function Attention({ ill, failed }: AttentionProps) {
  if (ill.length + failed.length === 0) return null
  return (
    <div className={classes.rows}>
      {ill.map((one) => (
        <Notice key={`${one.service} ${one.url}`} action={<LinkButton href={`/services?service=${one.service}`}>See checks</LinkButton>}>
          <strong>{one.service}</strong> is {one.state}
          {one.detail && `: ${one.detail}`}.
        </Notice>
      ))}
      {failed.slice(0, SHOWN).map((job) => (
        <Notice key={job.id} action={<JobActions job={job} />}>
          The {job.kind} job{' '}
          <strong>
            <PlaceName href={`/jobs/${job.id}`}>{subjectOf(job) || job.id}</PlaceName>
          </strong>{' '}
          failed{job.error && `: ${job.error.detail}`} · <RelativeTime at={changedAt(job)} />
        </Notice>
      ))}
    </div>
  )
}

function JobActions({ job }: { job: Job }) {
  const href = `/jobs/${job.id}`
  return (
    <>
      {leadsSomewhere(href) && <LinkButton href={href}>See job</LinkButton>}
      <Button kind="quiet" aria-label={`Hide ${subjectOf(job) || job.id}`} onClick={() => hideAloud(job)}>
        Hide
      </Button>
    </>
  )
}

function hideAloud(job: Job): void {
  hide(job.id)
  toast('Hidden from Home on this device', { action: { label: 'Undo', run: () => show(job.id) } })
}

function Notice({ action, children }: { action?: ReactNode; children: ReactNode }) {
  return (
    <div className={classes.attention}>
      <span className={classes.attentionWord}>
        <Status tone="warn">Needs attention</Status>
      </span>
      <p className={classes.attentionText}>{children}</p>
      {action}
    </div>
  )
}
