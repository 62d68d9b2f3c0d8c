import type { JobState } from '../../api/types'

export const STATES: readonly JobState[] = ['queued', 'running', 'succeeded', 'failed', 'cancelled', 'dead']

/** What the link says about the list: which jobs, and whether the form for a new one is open. */
export interface JobsSearch {
  state: JobState | undefined
  kind: string | undefined
  tag: string | undefined
  mine: true | undefined
  new: true | undefined
}

export function readSearch(search: Record<string, unknown>): JobsSearch {
  return {
    state: STATES.find((state) => state === search['state']),
    kind: text(search['kind']),
    tag: text(search['tag']),
    mine: flag(search['mine']),
    new: flag(search['new']),
  }
}

function text(value: unknown): string | undefined {
  return value === undefined || value === '' ? undefined : String(value)
}

function flag(value: unknown): true | undefined {
  return value === true || value === 1 || value === 'true' ? true : undefined
}
