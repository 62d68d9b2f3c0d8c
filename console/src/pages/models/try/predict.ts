import { queryOptions } from '@tanstack/react-query'
import type { components } from '../../../api/schema/ai'
import { ai, take } from '../../../api/services'
import type { Row } from '../search'

export type Prediction = components['schemas']['Prediction']

/** An answer, and how long it took from here and back, in milliseconds. */
export interface Timed {
  prediction: Prediction
  tookMs: number
}

/** What the version says about the row. */
export function predictionQuery(name: string, version: number, row: Row, enabled: boolean) {
  return queryOptions({
    queryKey: ['models', name, 'prediction', version, row],
    queryFn: async ({ signal }): Promise<Timed> => {
      const began = performance.now()
      const prediction = await take(
        ai.POST('/api/v1/ai/models/{name}/predict', {
          params: { path: { name } },
          body: { rows: [row], version },
          signal,
        }),
      )
      return { prediction, tookMs: performance.now() - began }
    },
    enabled,
    staleTime: Infinity,
    gcTime: 0,
    placeholderData: (before) => before,
  })
}
