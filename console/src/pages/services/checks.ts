import { queryOptions } from '@tanstack/react-query'

const AGAIN_MS = 5_000

/** One thing that a service looked at to know whether it is ready. */
export interface Check {
  name: string
  ok: boolean
  required: boolean
  latency_ms: number
  detail: string | null
}

/** What a service finds when it looks at itself now. */
export function checksQuery(service: string) {
  return queryOptions({
    queryKey: ['services', service, 'checks'],
    queryFn: ({ signal }) => checks(service, signal),
    refetchInterval: AGAIN_MS,
  })
}

// Not through `send`: an unready service answers 503 with the same report.
async function checks(service: string, signal: AbortSignal): Promise<Check[]> {
  const answer = await fetch(`/health/${encodeURIComponent(service)}`, { signal })
  const report = (await answer.json()) as { checks?: Record<string, Omit<Check, 'name'>> }
  return Object.entries(report.checks ?? {}).map(([name, check]) => ({ name, ...check }))
}
