import { compute, take } from '../../api/services'
import type { Found } from '../../shell/place'
import { subjectOf } from '../../api/jobSubject'
import { STATE_WORDS } from '../../api/jobStates'

/** The newest jobs that are about what the text names. */
export async function findJobs(text: string, signal: AbortSignal): Promise<Found[]> {
  const { items } = await take(compute.GET('/api/v1/compute/jobs', { params: { query: { limit: 100 } }, signal }))
  const words = text.toLowerCase()
  return items
    .filter((job) => [job.id, job.kind, subjectOf(job), ...job.tags].join(' ').toLowerCase().includes(words))
    .map((job) => ({ label: `${job.kind} ${subjectOf(job)}`, detail: STATE_WORDS[job.state], href: `/jobs/${job.id}` }))
}
