/** An axis: its round ticks, and where between its ends a value stands, 0 to 1. */
export interface Range {
  ticks: readonly number[]
  share: (value: number) => number
}

const WANTED = 4
const STEPS = [1, 2, 5, 10]

/** The axis that holds all values, from a tick to a tick. */
export function rangeOf(values: readonly number[]): Range {
  const least = Math.min(...values)
  const most = Math.max(...values)
  const step = stepOf((most - least || Math.abs(most) || 1) / WANTED)
  const first = Math.floor(least / step)
  const last = Math.max(Math.ceil(most / step), first + 1)
  const ticks = Array.from({ length: last - first + 1 }, (_, at) => (first + at) * step)
  return { ticks, share: (value) => (value / step - first) / (last - first) }
}

function stepOf(rough: number): number {
  const size = 10 ** Math.floor(Math.log10(rough))
  return size * (STEPS.find((step) => step >= rough / size) ?? 1)
}
