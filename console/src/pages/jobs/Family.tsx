import type { Job } from '../../api/types'
import { Card } from '../../components/Card'
import { counted } from '../../components/figures'
import { hasEnded } from './jobs'
import { JobGraph } from './JobGraph'

/** The jobs that wait for each other around this one, when there are any. */
export function Family({ job, known }: { job: Job; known: readonly Job[] }) {
  if (known.length < 2) return null
  const family = known.map((one) => (one.id === job.id ? job : one))
  const left = family.filter((one) => !hasEnded(one)).length
  return (
    <Card flush title="Jobs that wait for each other" aside={left > 0 ? `${left} of ${family.length} to go` : counted(family.length, 'job')}>
      <JobGraph jobs={family} selected={job.id} />
    </Card>
  )
}
