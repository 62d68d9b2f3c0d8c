import type { Problem } from '../../api/problem'

/** Where in the statement the platform found fault, as offsets; none when it doesn't say. */
export function faultPlace(sql: string, problem: Problem): { from: number; to: number } | undefined {
  const told = problem.errors.find((error) => error.where.startsWith('sql'))
  const place = /line (\d+), column (\d+)/.exec(told?.where ?? problem.detail)
  if (!place) return undefined
  const [line, column] = [Number(place[1]), Number(place[2])]
  const before = sql.split('\n').slice(0, line - 1)
  const from = before.reduce((sum, one) => sum + one.length + 1, 0) + column - 1
  if (from >= sql.length) return sql.length > 0 ? { from: sql.length - 1, to: sql.length } : undefined
  const word = /^(\w+|.)/s.exec(sql.slice(from))?.[0] ?? ' '
  return { from, to: from + word.length }
}
