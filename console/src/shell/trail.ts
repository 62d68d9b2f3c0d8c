import { useEffect, useSyncExternalStore } from 'react'

/** A step on the way to the page; the last one is the page itself. */
export interface Step {
  label: string
  href?: string
}

const listeners = new Set<() => void>()
let trail: readonly Step[] = []

/** Say where this page stands, in the bar above and in the window's title. */
export function useTrail(steps: readonly Step[]): void {
  const text = JSON.stringify(steps)
  useEffect(() => {
    trail = JSON.parse(text) as Step[]
    document.title = [...trail.map((step) => step.label).reverse(), 'DataLab'].join(' · ')
    for (const listener of listeners) listener()
  }, [text])
}

/** Where the page that is seen stands. */
export function useShownTrail(): readonly Step[] {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => trail,
  )
}
