import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query'
import { compute, take } from '../../api/services'
import type { Job, JobState } from '../../api/types'

const A_PAGE = 50
const BUSY_MS = 2_000
const QUIET_MS = 10_000
const BESIDE_THE_STREAM_MS = 5_000
const LONGEST_MS = 60_000

/** Which jobs the platform is asked for. */
export interface JobFilter {
  state: JobState | undefined
  kind: string | undefined
  tag: string | undefined
}

/** Whether nothing more will happen to it, but by running it again. */
export function hasEnded({ state }: Pick<Job, 'state'>): boolean {
  return state !== 'queued' && state !== 'running'
}

/** Whether the job says how far it is; some kinds never do. */
export function tellsHowFar({ state, progress, progress_message }: Job): boolean {
  return state === 'running' && (progress > 0 || progress_message !== null)
}

/** The jobs that the filter leaves, newest first, asked for again and again: often while something runs. */
export function jobsQuery(filter: JobFilter) {
  return infiniteQueryOptions({
    queryKey: ['jobs', 'list', filter],
    queryFn: ({ pageParam, signal }) =>
      take(
        compute.GET('/api/v1/compute/jobs', {
          params: { query: { ...narrowed(filter), limit: A_PAGE, ...(pageParam && { cursor: pageParam }) } },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
    placeholderData: (before) => before,
    refetchInterval: ({ state: { data, errorUpdateCount, status } }) => {
      if (status === 'error') return Math.min(LONGEST_MS, BUSY_MS * 2 ** errorUpdateCount)
      return data?.pages.some((page) => page.items.some((job) => !hasEnded(job))) ? BUSY_MS : QUIET_MS
    },
  })
}

/** One job. */
export function jobQuery(id: string) {
  return queryOptions({
    queryKey: ['jobs', 'one', id],
    queryFn: ({ signal }) => take(compute.GET('/api/v1/compute/jobs/{job_id}', { params: { path: { job_id: id } }, signal })),
    refetchInterval: ({ state: { data } }) => (data && hasEnded(data) ? false : BESIDE_THE_STREAM_MS),
  })
}

/** The jobs that run now. */
export const runningQuery = queryOptions({
  queryKey: ['jobs', 'running'],
  queryFn: ({ signal }) =>
    take(compute.GET('/api/v1/compute/jobs', { params: { query: { state: 'running', limit: 100 } }, signal })),
  refetchInterval: QUIET_MS,
})

function narrowed({ state, kind, tag }: JobFilter) {
  return { ...(state && { state }), ...(kind && { kind }), ...(tag && { tag }) }
}
