import { type QueryKey, QueryCache, QueryClient, MutationCache } from '@tanstack/react-query'
import { Problem } from './problem'

const TRIES = 2
const FRESH_MS = 5_000
let onSignedOut = () => {}

/** What to do when the platform no longer knows the reader. */
export function whenSignedOut(act: () => void): void {
  onSignedOut = act
}

function watch(error: unknown): void {
  if (error instanceof Problem && error.status === 401) onSignedOut()
}

function worthRetrying(failures: number, error: unknown): boolean {
  const passing = error instanceof Problem && (error.status === 0 || error.status === 503 || error.status === 429)
  return passing && failures < TRIES
}

/** The cache of what the platform answered. */
export const queries = new QueryClient({
  queryCache: new QueryCache({ onError: watch }),
  mutationCache: new MutationCache({ onError: watch }),
  defaultOptions: { queries: { retry: worthRetrying, staleTime: FRESH_MS } },
})

/** Ask anew for what a change made old; also for what was being asked for the first time while it was made. */
export async function renew(queryKey: QueryKey): Promise<void> {
  await queries.cancelQueries({ queryKey })
  await queries.invalidateQueries({ queryKey })
}
