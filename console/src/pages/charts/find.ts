import { chartHref, chartsQuery } from '../../api/charts'
import { queries } from '../../api/queries'
import type { Found } from '../../shell/place'

/** Charts whose name or title holds the text. */
export async function findCharts(text: string): Promise<Found[]> {
  const wanted = text.toLowerCase()
  const all = await queries.ensureQueryData(chartsQuery)
  return all
    .filter((chart) => `${chart.name} ${chart.title}`.toLowerCase().includes(wanted))
    .map((chart) => ({ label: chart.title || chart.name, detail: chart.dataset ?? 'SQL', href: chartHref(chart.name) }))
}
