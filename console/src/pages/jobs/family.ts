import { queryOptions } from '@tanstack/react-query'
import { compute, take } from '../../api/services'
import type { Job } from '../../api/types'
import { hasEnded } from './jobs'

const LOOKED_THROUGH = 100
const MOST_SHOWN = 60
const BUSY_MS = 2_000

/** The jobs that wait for each other, directly or through others, around this one: it alone when there are none. */
export function familyQuery(job: Job) {
  return queryOptions({
    queryKey: ['jobs', 'family', job.id],
    queryFn: async ({ signal }) => {
      const { items } = await take(
        compute.GET('/api/v1/compute/jobs', { params: { query: { limit: LOOKED_THROUGH } }, signal }),
      )
      return gather(job, items, (id) => read(id, signal))
    },
    refetchInterval: ({ state: { data } }) => (data?.some((one) => !hasEnded(one)) ? BUSY_MS : false),
  })
}

async function gather(job: Job, newest: readonly Job[], fetchOne: (id: string) => Promise<Job | undefined>): Promise<Job[]> {
  const known = new Map([job, ...newest].map((one) => [one.id, one]))
  const members = new Map<string, Job>()
  const waiting = [job.id]
  while (waiting.length > 0 && members.size < MOST_SHOWN) {
    const id = waiting.shift() as string
    if (members.has(id)) continue
    const one = known.get(id) ?? (await fetchOne(id))
    if (!one) continue
    members.set(id, one)
    const children = newest.filter((other) => other.depends_on.includes(id)).map((other) => other.id)
    waiting.push(...one.depends_on, ...children)
  }
  return [...members.values()].sort((one, other) => (one.id < other.id ? -1 : 1))
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
