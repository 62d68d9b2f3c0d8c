import { queryOptions } from '@tanstack/react-query'
import { chartsQuery as allCharts } from '../../api/charts'
import { dashboardsQuery as allDashboards } from '../../api/dashboards'
import { datasetsQuery as allDatasets } from '../../api/datasets'
import { compute, take } from '../../api/services'
import type { Chart, Dashboard, Dataset, JobState, Model } from '../../api/types'
import { modelsQuery as allModels } from '../models/models'

const LIVE_MS = 5_000
const CALM_MS = 30_000
const MANY = 1000
const RECENT = 100

/** Of a list longer than a page the first page is told, with a "+". */
export interface Listed<T> {
  items: T[]
  next_cursor?: string | null
}

const calm = { refetchInterval: CALM_MS }

export const datasetsQuery = { ...allDatasets, ...calm, select: whole<Dataset> }
export const modelsQuery = { ...allModels, ...calm, select: whole<Model> }
export const chartsQuery = { ...allCharts, ...calm, select: whole<Chart> }
export const dashboardsQuery = { ...allDashboards, ...calm, select: whole<Dashboard> }

function whole<T>(items: T[]): Listed<T> {
  return { items }
}

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
