import { useSyncExternalStore } from 'react'

const STORED = 'datalab.home.hidden'
const KEPT = 100
const listeners = new Set<() => void>()
let hidden: readonly string[] = JSON.parse(localStorage.getItem(STORED) ?? '[]') as string[]

/** The ids of jobs that the reader has seen enough of; kept on this device. */
export function useHidden(): readonly string[] {
  return useSyncExternalStore(subscribe, () => hidden)
}

export function hide(id: string): void {
  keep([...hidden, id].slice(-KEPT))
}

export function show(id: string): void {
  keep(hidden.filter((one) => one !== id))
}

function keep(ids: readonly string[]): void {
  hidden = ids
  localStorage.setItem(STORED, JSON.stringify(ids))
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
