import { useQuery } from '@tanstack/react-query'
import { covers, meQuery } from '../../api/session'

/** Whether the reader may save charts. */
export function useMaySave(): boolean {
  const me = useQuery(meQuery).data
  return me !== undefined && covers(me.role, 'editor')
}
