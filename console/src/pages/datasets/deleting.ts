import { datasetsQuery } from '../../api/datasets'
import { asProblem } from '../../api/problem'
import { queries, renew } from '../../api/queries'
import { data } from '../../api/services'
import type { Dataset } from '../../api/types'
import { toast } from '../../components/Toasts'

/** Take the dataset away, at once on the page; it can be brought back. */
export async function remove(dataset: Dataset): Promise<void> {
  const params = { path: { name: dataset.name } }
  await queries.cancelQueries({ queryKey: datasetsQuery.queryKey })
  queries.setQueryData(datasetsQuery.queryKey, (before) => before?.filter((one) => one.name !== dataset.name))
  try {
    await data.DELETE('/api/v1/data/datasets/{name}', { params })
    queries.removeQueries({ queryKey: ['datasets', dataset.name] })
    toast(`${dataset.name} was deleted`, { action: { label: 'Undo', run: () => void bringBack(dataset) } })
  } catch (error) {
    toast(`${dataset.name} is still there: ${asProblem(error).detail}`, { bad: true })
  }
  await renew(datasetsQuery.queryKey)
}

/** Bring a deleted dataset back with all its versions. */
export async function bringBack({ name, id }: { name: string; id: string }): Promise<void> {
  try {
    await data.POST('/api/v1/data/datasets/{name}/undelete', { params: { path: { name }, query: { id } } })
    toast(`${name} is back`)
  } catch (error) {
    toast(`${name} stays deleted: ${asProblem(error).detail}`, { bad: true })
  }
  await renew(datasetsQuery.queryKey)
}
