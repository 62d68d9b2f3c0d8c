import { queryOptions } from '@tanstack/react-query'
import { compute, take } from '../../api/services'
import type { Job } from '../../api/types'
import { hasEnded, jobQuery } from './jobs'

const LOOKED_THROUGH = 100
const MOST_SHOWN = 60
const BUSY_MS = 2_000

/**
 * The jobs that wait for each other, directly or through others, around this one: it alone when there are none. Asked
 * for beside the job itself, so that the page knows with its first answers whether there is a graph.
 */
export function familyQuery(id: string) {
  return queryOptions({
    queryKey: ['jobs', 'family', id],
    queryFn: async ({ client, signal }) => {
      const [job, { items }] = await Promise.all([
        client.ensureQueryData(jobQuery(id)),
        take(compute.GET('/api/v1/compute/jobs', { params: { query: { limit: LOOKED_THROUGH } }, signal })),
      ])
      return gather(job, items, (parent) => read(parent, signal))
    },
    refetchInterval: ({ state: { data } }) => (data?.some((one) => !hasEnded(one)) ? BUSY_MS : false),
  })
}

async function gather(job: Job, newest: readonly Job[], fetchOne: (id: string) => Promise<Job | undefined>): Promise<Job[]> {
  const known = new Map([job, ...newest].map((one) => [one.id, one]))
  const members = new Map<string, Job>()
  let waiting = [job.id]
  while (waiting.length > 0 && members.size < MOST_SHOWN) {
    const found = await Promise.all(waiting.map((id) => known.get(id) ?? fetchOne(id)))
    const met = found.filter((one) => one !== undefined)
    met.forEach((one) => members.set(one.id, one))
    const beside = met.flatMap((one) => [...one.depends_on, ...waitingFor(one, newest)])
    waiting = [...new Set(beside)].filter((id) => !members.has(id)).slice(0, MOST_SHOWN - members.size)
  }
  return [...members.values()].sort((one, other) => (one.id < other.id ? -1 : 1))
}

function waitingFor({ id }: Job, jobs: readonly Job[]): string[] {
  return jobs.filter((one) => one.depends_on.includes(id)).map((one) => one.id)
}

// A parent may be somebody else's, or gone: the graph does without it.
async function read(id: string, signal: AbortSignal): Promise<Job | undefined> {
  try {
    return await take(
      compute.GET('/api/v1/compute/jobs/{job_id}', { params: { path: { job_id: id } }, signal }),
    )
  } catch (error) {
    if (signal.aborted) throw error
    return undefined
  }
}
