import { queryOptions } from '@tanstack/react-query'
import { ai, compute, data, take, viz } from '../../api/services'
import type { JobState } from '../../api/types'

const LIVE_MS = 5_000
const CALM_MS = 30_000
const MANY = 1000
const RECENT = 100

// Of lists longer than a page the first page is told, with a "+".
const page = { params: { query: { limit: MANY } } }

export const datasetsQuery = queryOptions({
  queryKey: ['datasets', { held: true }],
  queryFn: ({ signal }) => take(data.GET('/api/v1/data/datasets', { ...page, signal })),
  refetchInterval: CALM_MS,
})

export const modelsQuery = queryOptions({
  queryKey: ['models', { held: true }],
  queryFn: ({ signal }) => take(ai.GET('/api/v1/ai/models', { ...page, signal })),
  refetchInterval: CALM_MS,
})

export const chartsQuery = queryOptions({
  queryKey: ['charts', { held: true }],
  queryFn: ({ signal }) => take(viz.GET('/api/v1/viz/charts', { ...page, signal })),
  refetchInterval: CALM_MS,
})

export const dashboardsQuery = queryOptions({
  queryKey: ['dashboards', { held: true }],
  queryFn: ({ signal }) => take(viz.GET('/api/v1/viz/dashboards', { ...page, signal })),
  refetchInterval: CALM_MS,
})

/** The newest jobs. */
export const recentJobsQuery = queryOptions({
  queryKey: ['jobs', 'recent'],
  queryFn: ({ signal }) => take(compute.GET('/api/v1/compute/jobs', { params: { query: { limit: RECENT } }, signal })),
  refetchInterval: LIVE_MS,
})

/** The jobs in a state, however old they are. */
export function jobsInQuery(state: JobState) {
  return queryOptions({
    queryKey: ['jobs', 'in', state],
    queryFn: ({ signal }) =>
      take(compute.GET('/api/v1/compute/jobs', { params: { query: { limit: MANY, state } }, signal })),
    refetchInterval: LIVE_MS,
  })
}
