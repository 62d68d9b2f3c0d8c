import { useSyncExternalStore } from 'react'

const CHOICES = { theme: ['system', 'light', 'dark'], density: ['comfortable', 'compact'] } as const

export type Appearance = keyof typeof CHOICES
export type Theme = (typeof CHOICES.theme)[number]
export type Density = (typeof CHOICES.density)[number]

const listeners = new Set<() => void>()

function chosen(what: Appearance): string {
  return document.documentElement.dataset[what] ?? CHOICES[what][0]
}

/** Choose and remember; the first choice of each is the default and is not stored. */
export function choose(what: Appearance, value: string): void {
  const root = document.documentElement
  if (value === CHOICES[what][0]) {
    delete root.dataset[what]
    localStorage.removeItem(`datalab.${what}`)
  } else {
    root.dataset[what] = value
    localStorage.setItem(`datalab.${what}`, value)
  }
  for (const listener of listeners) listener()
}

/** The reader's choice, followed as it changes. */
export function useChosen(what: Appearance): string {
  return useSyncExternalStore(subscribe, () => chosen(what))
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
