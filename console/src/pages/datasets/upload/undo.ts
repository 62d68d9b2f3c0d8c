import { asProblem } from '../../../api/problem'
import { queries } from '../../../api/queries'
import { data, take } from '../../../api/services'
import type { Dataset } from '../../../api/types'
import { toast } from '../../../components/Toasts'

/** For a toast: brings back the version before, when there was one. */
export function withUndo(made: Dataset, before: number | undefined) {
  return before === undefined ? {} : { action: { label: 'Undo', run: () => void restore(made.name, before) } }
}

/** Make an old version's rows the newest, and tell; the version in between stays. */
export async function restore(name: string, version: number, undoTo?: number): Promise<void> {
  try {
    const made = await take(
      data.POST('/api/v1/data/datasets/{name}/restore', { params: { path: { name } }, body: { version } }),
    )
    await queries.invalidateQueries({ queryKey: ['datasets'] })
    toast(`${name} is as it was in version ${version}, now version ${made.version}`, withUndo(made, undoTo))
  } catch (error) {
    toast(`${name} stays as it is: ${asProblem(error).detail}`, { bad: true })
  }
}
