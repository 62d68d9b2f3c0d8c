import { asProblem } from '../../../api/problem'
import { queries } from '../../../api/queries'
import { ai } from '../../../api/services'
import type { Model } from '../../../api/types'
import { toast } from '../../../components/Toasts'
import { modelQuery } from '../models'

/** Points the alias at the version, or takes it away for `undefined`: shown at once, told with a way back. */
export async function pointAlias(model: Model, alias: string, version: number | undefined): Promise<void> {
  const before = model.aliases[alias]
  if (!(await change(model.name, alias, version, before))) return
  const what = version === undefined ? `${alias} was taken away` : `${alias} is version ${version}`
  toast(what, { action: { label: 'Undo', run: () => void change(model.name, alias, before, version) } })
}

async function change(name: string, alias: string, version: number | undefined, before: number | undefined) {
  await queries.cancelQueries({ queryKey: modelQuery(name).queryKey, exact: true })
  show(name, alias, version)
  const params = { params: { path: { name, alias } } }
  const path = '/api/v1/ai/models/{name}/aliases/{alias}'
  try {
    await (version === undefined ? ai.DELETE(path, params) : ai.PUT(path, { ...params, body: { version } }))
    return true
  } catch (error) {
    show(name, alias, before)
    toast(`${alias} stays as it was: ${asProblem(error).detail}`, { bad: true })
    return false
  } finally {
    void queries.invalidateQueries({ queryKey: ['models'] })
  }
}

function show(name: string, alias: string, version: number | undefined): void {
  queries.setQueryData(modelQuery(name).queryKey, (model) => {
    if (!model) return model
    const { [alias]: _, ...others } = model.aliases
    return { ...model, aliases: version === undefined ? others : { ...others, [alias]: version } }
  })
}
