import { queryOptions } from '@tanstack/react-query'
import { everything } from './everything'
import type { components } from './schema/data'
import { data, take } from './services'
import type { Dataset } from './types'

export type DeletedDataset = components['schemas']['DeletedDataset']

const PAGE = 100
const FRESH_MS = 15_000

/** All datasets that the reader may see, by name. */
export const datasetsQuery = queryOptions({
  queryKey: ['datasets'],
  queryFn: ({ signal }) => allDatasets(signal),
  staleTime: FRESH_MS,
})

/** Those that were deleted and can be brought back, the one deleted last first. */
export const deletedQuery = queryOptions({
  // Under no name, which a dataset could have.
  queryKey: ['datasets', { deleted: true }],
  queryFn: ({ signal }) =>
    everything(async (cursor) => {
      const query = { limit: PAGE, deleted: true, ...(cursor !== null && { cursor }) }
      const page = await take(data.GET('/api/v1/data/datasets', { params: { query }, signal }))
      return page as { items: DeletedDataset[]; next_cursor: string | null }
    }),
})

/** One dataset at its newest version. */
export function datasetQuery(name: string) {
  return queryOptions({
    queryKey: ['datasets', name],
    queryFn: ({ signal }) => take(data.GET('/api/v1/data/datasets/{name}', { params: { path: { name } }, signal })),
  })
}

function allDatasets(signal: AbortSignal): Promise<Dataset[]> {
  return everything(async (cursor) => {
    const query = { limit: PAGE, ...(cursor !== null && { cursor }) }
    const page = await take(data.GET('/api/v1/data/datasets', { params: { query }, signal }))
    return page as { items: Dataset[]; next_cursor: string | null }
  })
}
