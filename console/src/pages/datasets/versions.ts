import { infiniteQueryOptions, queryOptions, useQuery } from '@tanstack/react-query'
import { data, take } from '../../api/services'
import type { Dataset, DatasetVersion } from '../../api/types'

const PAGE = 100

/** The dataset's versions, newest first. */
export function versionsQuery(name: string) {
  return infiniteQueryOptions({
    queryKey: ['datasets', name, 'versions'],
    queryFn: ({ pageParam, signal }) =>
      take(
        data.GET('/api/v1/data/datasets/{name}/versions', {
          params: { path: { name }, query: { limit: PAGE, ...(pageParam && { cursor: pageParam }) } },
          signal,
        }),
      ),
    initialPageParam: '',
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  })
}

/** How two versions differ. */
export function diffQuery(name: string, from: number, to: number) {
  return queryOptions({
    queryKey: ['datasets', name, 'diff', from, to],
    queryFn: ({ signal }) =>
      take(data.GET('/api/v1/data/datasets/{name}/diff', { params: { path: { name }, query: { from, to } }, signal })),
    staleTime: Infinity,
  })
}

/** The columns that a version has. */
export function useColumnsOf(dataset: Dataset, version: number): Dataset['columns'] {
  const old = version !== dataset.version
  const found = useQuery({
    queryKey: ['datasets', dataset.name, 'version', version],
    queryFn: ({ signal }) => findVersion(dataset.name, version, signal),
    enabled: old,
    staleTime: Infinity,
  })
  return old ? (found.data?.columns ?? []) : dataset.columns
}

async function findVersion(name: string, version: number, signal: AbortSignal): Promise<DatasetVersion | null> {
  let cursor: string | undefined
  do {
    const query = { limit: PAGE, ...(cursor !== undefined && { cursor }) }
    const params = { path: { name }, query }
    const page = await take(data.GET('/api/v1/data/datasets/{name}/versions', { params, signal }))
    const found = page.items.find((one) => one.version === version)
    if (found) return found
    cursor = page.next_cursor ?? undefined
  } while (cursor !== undefined)
  return null
}
