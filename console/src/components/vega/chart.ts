/** A Vega-Lite spec as the platform keeps it. */
export type Spec = Readonly<Record<string, unknown>>
export type Row = Readonly<Record<string, unknown>>

export interface ChartProps {
  spec: Spec
  /** What is seen, for those who don't see it. */
  label: string
  /** The rows that it shows, unless the spec holds its own. */
  rows?: readonly Row[] | undefined
  /** Their columns, for days to begin at the reader's midnight. */
  columns?: readonly { name: string; type: string }[] | undefined
  /** In pixels; else the spec's own, or 280. A composed chart keeps its size. */
  height?: number | undefined
}

/** The value as an object, empty when it is none. */
export function asObject(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {}
}
