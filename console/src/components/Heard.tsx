import type { UseQueryResult } from '@tanstack/react-query'
import { Status } from './Badge'
import { RelativeTime } from './RelativeTime'
import { Skeleton } from './Skeleton'

/** When a live thing was last heard of. */
export function Heard({ query }: { query: Pick<UseQueryResult, 'dataUpdatedAt' | 'isError'> }) {
  if (query.dataUpdatedAt === 0) return <Skeleton width={14} />
  const at = <RelativeTime at={new Date(query.dataUpdatedAt).toISOString()} />
  if (query.isError) return <Status tone="warn">not heard since {at}</Status>
  return <>live, heard {at}</>
}
