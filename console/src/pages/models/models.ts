import { queryOptions } from '@tanstack/react-query'
import { everything } from '../../api/everything'
import type { components } from '../../api/schema/ai'
import { ai, take } from '../../api/services'
import type { Model } from '../../api/types'

export type ModelVersion = components['schemas']['ModelVersion']
export type Feature = components['schemas']['Feature']
export type Task = components['schemas']['Task']

const A_PAGE = 100

/** All models by name. */
export const modelsQuery = queryOptions({
  queryKey: ['models'],
  queryFn: ({ signal }) =>
    everything((cursor) =>
      take(ai.GET('/api/v1/ai/models', { params: { query: { limit: A_PAGE, ...(cursor !== null && { cursor }) } }, signal })),
    ),
})

/** One model: its versions' aliases. */
export function modelQuery(name: string) {
  return queryOptions({
    queryKey: ['models', name],
    queryFn: ({ signal }) => take(ai.GET('/api/v1/ai/models/{name}', { params: { path: { name } }, signal })),
  })
}

/** One version with its card; it never changes. */
export function versionQuery(name: string, version: number) {
  return queryOptions({
    queryKey: ['models', name, 'version', version],
    queryFn: ({ signal }) =>
      take(ai.GET('/api/v1/ai/models/{name}/versions/{version}', { params: { path: { name, version } }, signal })),
    staleTime: Infinity,
  })
}

/** All versions, newest first. */
export function versionsQuery(name: string) {
  return queryOptions({
    queryKey: ['models', name, 'versions'],
    queryFn: ({ signal }) =>
      everything((cursor) =>
        take(
          ai.GET('/api/v1/ai/models/{name}/versions', {
            params: { path: { name }, query: { limit: A_PAGE, ...(cursor !== null && { cursor }) } },
            signal,
          }),
        ),
      ),
  })
}

/** The version that answers when none is asked for. */
export function servingVersion({ aliases, latest_version }: Model): number {
  return aliases['champion'] ?? latest_version
}
