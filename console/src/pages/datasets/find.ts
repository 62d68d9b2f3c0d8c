import { datasetsQuery } from '../../api/datasets'
import { queries } from '../../api/queries'
import { counted } from '../../components/figures'
import type { Found } from '../../shell/place'
import { hrefOf } from './hrefs'

/** Datasets whose name or description holds the text. */
export async function findDatasets(text: string): Promise<Found[]> {
  const wanted = text.toLowerCase()
  const all = await queries.ensureQueryData(datasetsQuery)
  return all
    .filter((one) => `${one.name} ${one.description}`.toLowerCase().includes(wanted))
    .map((one) => ({ label: one.name, detail: counted(one.rows, 'row'), href: hrefOf(one.name) }))
}
