import type { components } from '../../../api/schema/ai'
import type { Dataset } from '../../../api/types'
import { type Goal, suggestedGoal, suggestedName, taskOf } from './goal'

/** What the form holds; `named` once the reader chose the name. */
export interface Choices {
  dataset: string
  target: string
  goal: Goal | undefined
  leftOut: readonly string[]
  holdout: string
  name: string
  named: boolean
}

export function startWith(dataset = '', target = ''): Choices {
  const name = dataset && target ? suggestedName(dataset, target) : ''
  return { dataset, target, goal: undefined, leftOut: [], holdout: '', name, named: false }
}

export function withTarget(choices: Choices, target: string): Choices {
  const name = choices.named || !target ? choices.name : suggestedName(choices.dataset, target)
  return { ...choices, target, goal: undefined, name, leftOut: choices.leftOut.filter((one) => one !== target) }
}

/** The goal that was chosen, or that the target's type suggests. */
export function goalOf({ goal, target }: Choices, columns: Dataset['columns']): Goal {
  const type = columns.find((column) => column.name === target)?.type
  return goal ?? (type === undefined ? undefined : suggestedGoal(type)) ?? 'a category'
}

/** The request for what was chosen. */
export function asked(choices: Choices, datasets: readonly Dataset[]): components['schemas']['TrainRequest'] {
  const columns = datasets.find((one) => one.name === choices.dataset)?.columns ?? []
  return {
    dataset: choices.dataset,
    target: choices.target,
    task: taskOf(goalOf(choices, columns)),
    exclude: choices.leftOut.filter((name) => name !== choices.holdout),
    ...(choices.holdout && { holdout: choices.holdout }),
  }
}
