import type { Feature } from '../models'
import type { Row } from '../search'

const DIGITS = 6

/** What stands in the fields, by feature; empty where nothing is given. */
export type Inputs = Record<string, string>

/** The fields for a row. */
export function inputsOf(features: readonly Feature[], row: Row): Inputs {
  return Object.fromEntries(features.map((feature) => [feature.name, shown(feature, row[feature.name])]))
}

/** The row that the model learnt from most: its examples. */
export function exampleRow(features: readonly Feature[]): Row {
  return Object.fromEntries(
    features.map(({ name, example }) => [name, typeof example === 'number' ? Number(example.toPrecision(DIGITS)) : example]),
  )
}

/** The row that the fields say; what is empty is left out. */
export function rowOf(features: readonly Feature[], inputs: Inputs): Row {
  const given = features.filter(({ name }) => (inputs[name] ?? '') !== '')
  return Object.fromEntries(given.map((feature) => [feature.name, valueOf(feature, inputs[feature.name] ?? '')]))
}

/** The features that must be given and aren't. */
export function missing(features: readonly Feature[], row: Row): string[] {
  return features.filter(({ name, required }) => required && row[name] === undefined).map(({ name }) => name)
}

function valueOf({ kind }: Feature, text: string): unknown {
  if (kind === 'numeric') return Number(text)
  if (kind === 'boolean') return text === 'true'
  return kind === 'time' ? `${text}Z` : text
}

function shown({ kind }: Feature, value: unknown): string {
  if (value === undefined || value === null) return ''
  return kind === 'time' ? String(value).replace(/(Z|[+-]\d\d:\d\d)$/, '') : String(value)
}
