import type { Task } from './models'

/** What a model answers, in a word. */
export function taskWord(task: Task, classes: readonly unknown[]): string {
  if (task === 'regression') return 'a number'
  return classes.includes(true) ? 'yes or no' : `one of ${classes.length}`
}
