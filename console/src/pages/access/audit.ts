import { useInfiniteQuery } from '@tanstack/react-query'
import { gateway, take } from '../../api/services'
import type { AuditEntry } from '../../api/types'
import type { Span } from './search'

const AT_ONCE = 100
const SPAN_MS: Record<Span, number> = { '1h': 3_600_000, '24h': 86_400_000, '7d': 604_800_000, '30d': 2_592_000_000 }

export const OUTCOMES = ['done', 'refused', 'failed', 'cut short'] as const
export const SERVICES = ['gateway', 'data', 'ai', 'compute', 'viz'] as const

/** What the trail is narrowed to; `who` is an account's id. */
export interface AuditWish {
  who: string | undefined
  service: string | undefined
  outcome: string | undefined
  since: Span | undefined
}

/** The audit trail, newest first, a page at a time; read when asked, since reading it stands in it too. */
export function useAudit({ who, service, outcome, since }: AuditWish) {
  return useInfiniteQuery({
    queryKey: ['audit', { who, service, outcome, since }],
    initialPageParam: null as string | null,
    queryFn: ({ pageParam, signal }) => {
      const query = {
        limit: AT_ONCE,
        cursor: pageParam,
        subject: who ?? null,
        service: service ?? null,
        outcome: outcome ?? null,
        since: since ? new Date(Date.now() - SPAN_MS[since]).toISOString() : null,
      }
      return take(gateway.GET('/api/v1/audit', { params: { query }, signal }))
    },
    getNextPageParam: (page) => page.next_cursor,
  })
}

/** What was done, as people say it: `POST create_user` is `create user`. */
export function deedOf({ action }: AuditEntry): string {
  return (action.split(' ').at(-1) ?? action).replaceAll('_', ' ')
}
