import { kindOf } from '../../../components/columnKind'
import type { Task } from '../models'

/** What a column can be predicted as. */
export type Goal = 'yes or no' | 'a number' | 'a category'

export const GOALS: readonly Goal[] = ['yes or no', 'a category', 'a number']

/** What a column of the SQL type is best predicted as; nothing when it can't be. */
export function suggestedGoal(type: string): Goal | undefined {
  const kind = kindOf(type)
  if (kind === 'boolean') return 'yes or no'
  if (kind === 'number') return 'a number'
  return kind === 'text' ? 'a category' : undefined
}

export function taskOf(goal: Goal): Task {
  return goal === 'a number' ? 'regression' : 'classification'
}

/** A model's name made of what it is about. */
export function suggestedName(dataset: string, target: string): string {
  const name = `${dataset.split('.').at(-1)}_${target}`.replace(/[^A-Za-z0-9_-]+/g, '_').slice(0, 63)
  return /^[A-Za-z]/.test(name) ? name : `m_${name}`.slice(0, 63)
}
