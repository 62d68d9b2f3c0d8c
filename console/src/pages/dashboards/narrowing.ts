import type { ChartRows } from '../../api/chartRows'
import { kindOf } from '../../components/columnKind'

/** Only rows whose column `by` is that. */
export interface Narrowing {
  by: string
  is: string
}

const MOST_CHOICES = 200

/** The rows that fit; all of them when they have no such column. */
export function narrowed(answer: ChartRows, narrowing: Narrowing | undefined): ChartRows & { applied: boolean } {
  const applied = narrowing !== undefined && answer.columns.some((column) => column.name === narrowing.by)
  if (!applied) return { ...answer, applied }
  return { ...answer, applied, rows: answer.rows.filter((row) => String(row[narrowing.by]) === narrowing.is) }
}

/** What the tiles can be narrowed by: their columns of words, each with its values. */
export function choicesOf(answers: readonly ChartRows[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, Set<string>>()
  for (const { columns, rows } of answers) {
    for (const { name } of columns.filter((column) => ['text', 'boolean'].includes(kindOf(column.type)))) {
      const values = found.get(name) ?? new Set()
      for (const row of rows) if (row[name] != null) values.add(String(row[name]))
      found.set(name, values)
    }
  }
  const few = [...found].filter(([, values]) => values.size > 1 && values.size <= MOST_CHOICES)
  return new Map(few.map(([name, values]) => [name, [...values].toSorted((one, other) => one.localeCompare(other))]))
}
