import { useQuery } from '@tanstack/react-query'
import type { Job } from '../../api/types'
import { Card } from '../../components/Card'
import { counted } from '../../components/figures'
import { SkeletonBlock } from '../../components/Skeleton'
import { familyQuery } from './family'
import { hasEnded } from './jobs'
import { JobGraph } from './JobGraph'

const HEIGHT = 156

/** The jobs that wait for each other around this one, when there are any. */
export function Family({ job }: { job: Job }) {
  const family = useQuery(familyQuery(job)).data?.map((one) => (one.id === job.id ? job : one))
  if (!family && job.depends_on.length > 0) return <SkeletonBlock height={HEIGHT} />
  if (!family || family.length < 2) return null
  const left = family.filter((one) => !hasEnded(one)).length
  return (
    <Card flush title="Jobs that wait for each other" aside={left > 0 ? `${left} of ${family.length} to go` : counted(family.length, 'job')}>
      <JobGraph jobs={family} selected={job.id} />
    </Card>
  )
}
