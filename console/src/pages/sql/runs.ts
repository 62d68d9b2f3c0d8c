import { useSyncExternalStore } from 'react'
import { exactJson } from '../../api/exactJson'
import { asProblem, type Problem } from '../../api/problem'
import { queries } from '../../api/queries'
import { data } from '../../api/services'
import { send } from '../../api/send'
import type { QueryResult } from '../../api/types'
import type { Params } from './params'
import { newId } from './tabs'

export interface Asked {
  sql: string
  /** Where it began in the editor. */
  from: number
  /** What its placeholders stand for, when it has any. */
  params?: Params | undefined
}

/** How a tab's last query went. */
export type Run =
  | (Asked & { state: 'running'; id: string; since: number })
  | (Asked & { state: 'done'; result: QueryResult; at: string })
  | (Asked & { state: 'failed'; problem: Problem })
  | (Asked & { state: 'cancelled' })

export const ROWS_AT_MOST = 10_000
const TIMEOUT_S = 300
const listeners = new Set<() => void>()
const calls = new Map<string, AbortController>()
let runs: ReadonlyMap<string, Run> = new Map()

/** The last query of the tab, as it goes. */
export function useRun(tab: string): Run | undefined {
  return useSyncExternalStore(subscribe, () => runs.get(tab))
}

/** Ask; an earlier query of the tab that still runs is cancelled. */
export async function run(tab: string, asked: Asked): Promise<void> {
  cancel(tab)
  const id = newId()
  const call = new AbortController()
  calls.set(tab, call)
  put(tab, { ...asked, state: 'running', id, since: performance.now() })
  try {
    const answer = await ask(asked, { query_id: id, max_rows: ROWS_AT_MOST, format: 'json' }, call.signal)
    const result = exactJson(await answer.text()) as QueryResult
    if (!call.signal.aborted) put(tab, { ...asked, state: 'done', result, at: new Date().toISOString() })
  } catch (error) {
    if (!call.signal.aborted) put(tab, { ...asked, state: 'failed', problem: asProblem(error) })
  }
  void queries.invalidateQueries({ queryKey: ['query-history'] })
}

/** Stop the tab's query, here and on the platform. */
export function cancel(tab: string): void {
  const last = runs.get(tab)
  if (last?.state !== 'running') return
  calls.get(tab)?.abort()
  put(tab, { state: 'cancelled', sql: last.sql, from: last.from, params: last.params })
  // It may have ended by itself in the meantime.
  data.DELETE('/api/v1/data/query/{query_id}', { params: { path: { query_id: last.id } } }).catch(() => undefined)
}

/** Send a query; `more` as the platform takes it. Throws Problem. */
export function ask({ sql, params }: Omit<Asked, 'from'>, more: Record<string, unknown>, signal?: AbortSignal): Promise<Response> {
  return send(
    new Request(new URL('/api/v1/data/query', window.location.origin), {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ sql, timeout_s: TIMEOUT_S, ...(params && { params }), ...more }),
      ...(signal && { signal }),
    }),
  )
}

function put(tab: string, next: Run): void {
  runs = new Map(runs).set(tab, next)
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
