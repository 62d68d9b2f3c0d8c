import { useQuery } from '@tanstack/react-query'
import { covers, meQuery } from '../../api/session'

/** Whether the reader may change data. */
export function useMayWrite(): boolean {
  const me = useQuery(meQuery).data
  return me !== undefined && covers(me.role, 'editor')
}
