import { useQuery } from '@tanstack/react-query'
import { runningQuery } from './jobs'

/** How many jobs run now, in the sidebar. */
export function RunningCount() {
  const running = useQuery(runningQuery).data?.items.length ?? 0
  return running > 0 ? <>{running} running</> : null
}
