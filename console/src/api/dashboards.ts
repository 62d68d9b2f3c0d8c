import { queryOptions } from '@tanstack/react-query'
import type { Tagged } from './charts'
import { everything } from './everything'
import { nameTaken } from './names'
import { queries, renew } from './queries'
import type { components } from './schema/viz'
import { take, viz } from './services'
import type { Dashboard } from './types'

export type DashboardDraft = components['schemas']['DashboardDraft']
export type Tile = components['schemas']['Tile']

const AT_ONCE = 1000
const [WIDTH, HEIGHT] = [6, 4]
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

/** Save a new dashboard. Throws Problem, also when there is one of that name. */
export async function makeDashboard(name: string, draft: DashboardDraft): Promise<Tagged<Dashboard>> {
  const all = await queries.fetchQuery({ ...dashboardsQuery, staleTime: 0 })
  if (!name || all.some((one) => one.name === name)) throw nameTaken('dashboard', name)
  return saveDashboard(name, draft, null)
}

/** Put a chart below what is on the dashboard. Throws Problem (412 when somebody changed it meanwhile). */
export async function addToDashboard(name: string, chart: string): Promise<Tagged<Dashboard>> {
  const { saved, etag } = await queries.fetchQuery({ ...dashboardQuery(name), staleTime: 0 })
  return saveDashboard(name, { title: saved.title, tiles: [...saved.tiles, tileBelow(saved.tiles, { chart })] }, etag)
}

/** A tile below all others. */
export function tileBelow(tiles: readonly Tile[], content: Pick<Tile, 'chart' | 'text'>): Required<Tile> {
  const row = Math.max(0, ...tiles.map((tile) => (tile.row ?? 0) + (tile.height ?? HEIGHT)))
  return { chart: null, text: null, ...content, column: 0, row, width: WIDTH, height: HEIGHT }
}

/** Take a dashboard away; its charts stay. Throws Problem. */
export async function deleteDashboard(name: string): Promise<void> {
  await viz.DELETE(PATH, { params: { path: { name } } })
  queries.removeQueries({ queryKey: dashboardQuery(name).queryKey })
  await renew(['dashboards', 'all'])
}

/** How many charts are on it. */
export function chartsOn(dashboard: Dashboard): number {
  return dashboard.tiles.filter((tile) => tile.chart).length
}

/** A dashboard's link. */
export function dashboardHref(name: string): string {
  return `/dashboards/${encodeURIComponent(name)}`
}
