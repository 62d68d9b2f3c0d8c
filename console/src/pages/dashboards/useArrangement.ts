import { useReducer } from 'react'
import type { Placed } from './grid'

/** The title and the tiles as they are being arranged. */
export interface Arrangement {
  title: string
  tiles: readonly Placed[]
}

interface State {
  now: Arrangement
  before: readonly Arrangement[]
}

type Step = { do: 'change'; to: Arrangement } | { do: 'preview'; to: Arrangement } | { do: 'undo' }

const KEPT = 100

/** An arrangement that remembers how it was: `change` can be undone, `preview` is part of a change not yet over. */
export function useArrangement(first: Arrangement) {
  const [{ now, before }, step] = useReducer(after, { now: first, before: [] })
  return {
    now,
    mayUndo: before.length > 0,
    change: (to: Arrangement) => step({ do: 'change', to }),
    preview: (to: Arrangement) => step({ do: 'preview', to }),
    undo: () => step({ do: 'undo' }),
  }
}

function after({ now, before }: State, step: Step): State {
  if (step.do === 'change') return { now: step.to, before: [...before, now].slice(-KEPT) }
  if (step.do === 'preview') return { now: step.to, before }
  const last = before.at(-1)
  return last ? { now: last, before: before.slice(0, -1) } : { now, before }
}
