import { queryOptions } from '@tanstack/react-query'
import { everything } from '../../api/everything'
import { gateway, take } from '../../api/services'

const AT_ONCE = 1000

/** Where the reader is signed in, oldest first. */
export const sessionsQuery = queryOptions({
  queryKey: ['sessions'],
  queryFn: ({ signal }) =>
    everything((cursor) =>
      take(gateway.GET('/api/v1/auth/sessions', { params: { query: { limit: AT_ONCE, cursor } }, signal })),
    ),
})
