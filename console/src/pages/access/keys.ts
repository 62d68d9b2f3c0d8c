import { queryOptions } from '@tanstack/react-query'
import { everything } from '../../api/everything'
import { gateway, take } from '../../api/services'

const AT_ONCE = 1000

/** All keys that the reader may see. */
export const keysQuery = queryOptions({
  queryKey: ['api-keys'],
  queryFn: ({ signal }) =>
    everything((cursor) =>
      take(gateway.GET('/api/v1/auth/api-keys', { params: { query: { limit: AT_ONCE, cursor } }, signal })),
    ),
})
