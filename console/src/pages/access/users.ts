import { queryOptions, useMutation } from '@tanstack/react-query'
import { everything } from '../../api/everything'
import { queries } from '../../api/queries'
import { gateway, take } from '../../api/services'
import type { User, UserChange } from './types'

const AT_ONCE = 1000

/** All accounts by name. */
export const usersQuery = queryOptions({
  queryKey: ['users'],
  queryFn: ({ signal }) =>
    everything((cursor) =>
      take(gateway.GET('/api/v1/auth/users', { params: { query: { limit: AT_ONCE, cursor } }, signal })),
    ),
})

/** Changes an account: shown at once, taken back when it is refused. */
export function useChangeUser() {
  return useMutation({
    mutationFn: ({ user, change }: { user: User; change: UserChange }) =>
      take(gateway.PATCH('/api/v1/auth/users/{user_id}', { params: { path: { user_id: user.id } }, body: change })),
    onMutate: async ({ user, change: { role, disabled } }) => {
      await queries.cancelQueries(usersQuery)
      put({ ...user, ...(role && { role }), ...(disabled != null && { disabled }) })
    },
    onError: (_, { user }) => put(user),
    onSuccess: put,
  })
}

function put(user: User): void {
  queries.setQueryData(usersQuery.queryKey, (users) => users?.map((one) => (one.id === user.id ? user : one)))
}
