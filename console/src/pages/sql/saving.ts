import { take, viz } from '../../api/services'
import type { Spec } from '../../components/vega/chart'

const [WIDTH, HEIGHT] = [6, 4]

/** Keep a chart over its query. Throws Problem. */
export async function saveChart(name: string, { title, spec, sql }: { title: string; spec: Spec; sql: string }): Promise<void> {
  const body = { title, spec: { width: 560, height: 280, ...spec }, sql }
  await viz.PUT('/api/v1/viz/charts/{name}', { params: { path: { name } }, body })
}

/** Put the chart below what is on the dashboard. Throws Problem. */
export async function addToDashboard(name: string, chart: string): Promise<void> {
  const path = { name }
  const found = await take(viz.GET('/api/v1/viz/dashboards/{name}', { params: { path } }))
  const row = Math.max(0, ...found.tiles.map((tile) => (tile.row ?? 0) + (tile.height ?? HEIGHT)))
  const tiles = [...found.tiles, { chart, column: 0, row, width: WIDTH, height: HEIGHT }]
  await viz.PUT('/api/v1/viz/dashboards/{name}', { params: { path }, body: { title: found.title, tiles } })
}
