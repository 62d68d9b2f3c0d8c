import { chartsOn, dashboardHref, dashboardsQuery } from '../../api/dashboards'
import { queries } from '../../api/queries'
import { counted } from '../../components/figures'
import type { Found } from '../../shell/place'

/** Dashboards whose name or title holds the text. */
export async function findDashboards(text: string): Promise<Found[]> {
  const wanted = text.toLowerCase()
  const all = await queries.ensureQueryData(dashboardsQuery)
  return all
    .filter((one) => `${one.name} ${one.title}`.toLowerCase().includes(wanted))
    .map((one) => ({ label: one.title || one.name, detail: counted(chartsOn(one), 'chart'), href: dashboardHref(one.name) }))
}
