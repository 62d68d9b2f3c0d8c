import { queryOptions } from '@tanstack/react-query'
import type { Tagged } from './charts'
import { everything } from './everything'
import { queries, renew } from './queries'
import type { components } from './schema/viz'
import { take, viz } from './services'
import type { Dashboard } from './types'

export type DashboardDraft = components['schemas']['DashboardDraft']

const AT_ONCE = 1000
const PATH = '/api/v1/viz/dashboards/{name}'

/** All dashboards by name. */
export const dashboardsQuery = queryOptions({
  queryKey: ['dashboards', 'all'],
  queryFn: ({ signal }) =>
    everything((cursor) =>
      take(viz.GET('/api/v1/viz/dashboards', { params: { query: { limit: AT_ONCE, cursor } }, signal })),
    ),
})

/** One dashboard. */
export const dashboardQuery = (name: string) =>
  queryOptions({
    queryKey: ['dashboards', 'one', name],
    queryFn: async ({ signal }): Promise<Tagged<Dashboard>> => {
      const { data, response } = await viz.GET(PATH, { params: { path: { name } }, signal })
      return { saved: data as Dashboard, etag: response.headers.get('ETag') }
    },
  })

/** Save a dashboard; with `over`, only if the one there is still in that state. Throws Problem (412 when it is not). */
export async function saveDashboard(name: string, draft: DashboardDraft, over: string | null): Promise<Tagged<Dashboard>> {
  const { data, response } = await viz.PUT(PATH, {
    params: { path: { name }, ...(over !== null && { header: { 'If-Match': over } }) },
    body: draft,
  })
  const tagged = { saved: data as Dashboard, etag: response.headers.get('ETag') }
  queries.setQueryData(dashboardQuery(name).queryKey, tagged)
  await renew(['dashboards'])
  return tagged
}

/** Take a dashboard away; its charts stay. Throws Problem. */
export async function deleteDashboard(name: string): Promise<void> {
  await viz.DELETE(PATH, { params: { path: { name } } })
  queries.removeQueries({ queryKey: dashboardQuery(name).queryKey })
  await renew(['dashboards', 'all'])
}

/** A dashboard's link. */
export function dashboardHref(name: string): string {
  return `/dashboards/${encodeURIComponent(name)}`
}
