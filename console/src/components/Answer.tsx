import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { ProblemNotice } from './ProblemNotice'

interface AnswerProps<T> {
  query: UseQueryResult<T>
  /** Of the final shape, so that nothing jumps. */
  skeleton: ReactNode
  children: (data: T) => ReactNode
}

/** A query's answer, its skeleton until then, or its problem; an old answer stays when a later try fails. */
export function Answer<T>({ query, skeleton, children }: AnswerProps<T>) {
  if (query.data !== undefined) return children(query.data)
  if (query.isError) return <ProblemNotice error={query.error} retry={() => void query.refetch()} />
  return <Waiting>{skeleton}</Waiting>
}

/** A skeleton, told to those who don't see it. */
export function Waiting({ children }: { children: ReactNode }) {
  return (
    <div aria-busy="true">
      <span className="visually-hidden" role="status">
        Loading
      </span>
      {children}
    </div>
  )
}

/** Whether it answered, or failed once: nobody waits for a second try of what a page can do without. */
export function isTold({ data, failureCount }: UseQueryResult): boolean {
  return data !== undefined || failureCount > 0
}
