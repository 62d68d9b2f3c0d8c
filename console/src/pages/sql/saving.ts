import { viz } from '../../api/services'
import type { Spec } from '../../components/vega/chart'

/** Keep a chart over its query. Throws Problem. */
export async function saveChart(name: string, { title, spec, sql }: { title: string; spec: Spec; sql: string }): Promise<void> {
  const body = { title, spec: { width: 560, height: 280, ...spec }, sql }
  await viz.PUT('/api/v1/viz/charts/{name}', { params: { path: { name } }, body })
}
