import type { Job } from '../../api/types'
import { duration } from '../../components/figures'
import { useNow } from '../../components/now'

/** How long the job ran, or runs since. */
export function Took({ job }: { job: Job }) {
  const now = useNow()
  if (job.started_at === null) return <>–</>
  const end = job.finished_at === null ? now : Date.parse(job.finished_at)
  return <>{duration(Math.max(0, end - Date.parse(job.started_at)))}</>
}
