import { queries } from '../../api/queries'
import type { Found } from '../../shell/place'
import { modelsQuery } from './models'

/** Models whose name or target holds the text. */
export async function findModels(text: string): Promise<Found[]> {
  const words = text.toLowerCase()
  const models = await queries.ensureQueryData(modelsQuery)
  return models
    .filter((model) => `${model.name} ${model.target}`.toLowerCase().includes(words))
    .map((model) => ({ label: model.name, detail: `predicts ${model.target}`, href: `/models/${encodeURIComponent(model.name)}` }))
}
