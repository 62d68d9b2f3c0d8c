import { queryOptions } from '@tanstack/react-query'
import { everything } from './everything'
import { queries, renew } from './queries'
import type { components } from './schema/viz'
import { take, viz } from './services'
import type { Chart } from './types'

export type ChartDraft = components['schemas']['ChartDraft']

/** Something saved, and the tag of its state, for saving over exactly that. */
export interface Tagged<T> {
  saved: T
  etag: string | null
}

const AT_ONCE = 1000
const PATH = '/api/v1/viz/charts/{name}'

/** All charts by name. */
export const chartsQuery = queryOptions({
  queryKey: ['charts', 'all'],
  queryFn: ({ signal }) =>
    everything((cursor) => take(viz.GET('/api/v1/viz/charts', { params: { query: { limit: AT_ONCE, cursor } }, signal }))),
})

/** One chart. */
export const chartQuery = (name: string) =>
  queryOptions({
    queryKey: ['charts', 'one', name],
    queryFn: async ({ signal }): Promise<Tagged<Chart>> => {
      const { data, response } = await viz.GET(PATH, { params: { path: { name } }, signal })
      return { saved: data as Chart, etag: response.headers.get('ETag') }
    },
  })

/** Save a chart; with `over`, only if the one there is still in that state. Throws Problem (412 when it is not). */
export async function saveChart(name: string, draft: ChartDraft, over: string | null): Promise<Tagged<Chart>> {
  const { data, response } = await viz.PUT(PATH, {
    params: { path: { name }, ...(over !== null && { header: { 'If-Match': over } }) },
    body: draft,
  })
  const tagged = { saved: data as Chart, etag: response.headers.get('ETag') }
  queries.setQueryData(chartQuery(name).queryKey, tagged)
  await renew(['charts'])
  return tagged
}

/** Take a chart away. Throws Problem. */
export async function deleteChart(name: string): Promise<void> {
  await viz.DELETE(PATH, { params: { path: { name } } })
  queries.removeQueries({ queryKey: chartQuery(name).queryKey })
  await renew(['charts', 'all'])
}

/** What saving the chart again takes. */
export function draftOf({ spec, sql, dataset, scale, theme, title }: Chart): ChartDraft {
  return { spec, sql, dataset, scale, theme, title }
}

/** A chart's link. */
export function chartHref(name: string): string {
  return `/charts/${encodeURIComponent(name)}`
}
