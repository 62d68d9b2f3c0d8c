import { useQuery } from '@tanstack/react-query'
import { gateway, take } from '../../api/services'
import { meQuery } from '../../api/session'
import { isTold } from '../../components/Answer'

const FRESH_MS = 300_000
const SHOWN_OF_AN_ID = 8

/** Who submitted a job: a name where the reader may know it, else the end of the account's id. */
export function Owner({ id }: { id: string }) {
  const { me, users } = useOwners()
  if (me?.subject === id) return <>{me.name}</>
  return <span title={id}>{users?.find((user) => user.id === id)?.name ?? id.slice(-SHOWN_OF_AN_ID)}</span>
}

/** The reader, the accounts whose names the reader may know, and whether that is settled. */
export function useOwners() {
  const me = useQuery(meQuery).data
  const names = useQuery({
    queryKey: ['jobs', 'owners'],
    queryFn: ({ signal }) => take(gateway.GET('/api/v1/auth/users', { params: { query: { limit: 1000 } }, signal })),
    enabled: me?.role === 'admin',
    staleTime: FRESH_MS,
  })
  return { me, users: names.data?.items, settled: me !== undefined && (me.role !== 'admin' || isTold(names)) }
}
