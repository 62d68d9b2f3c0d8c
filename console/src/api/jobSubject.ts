import type { Job } from './types'

const LONGEST = 60

/** What the job is about: the model that it trains, the dataset that it makes, the chart that it draws. */
export function subjectOf({ kind, spec }: Pick<Job, 'kind' | 'spec'>): string {
  const named = kind === 'train' ? spec['model'] : kind === 'render' ? spec['chart'] : spec['into']
  if (typeof named === 'string') return named
  const text = spec['sql'] ?? spec['code'] ?? spec['name'] ?? spec['dataset']
  return typeof text === 'string' ? firstLine(text) : ''
}

/** A thing that a job made, and where it can be seen. */
export interface Made {
  kind: 'dataset' | 'model' | 'chart'
  name: string
  href: string
}

/** What a job that is done has made, if that is something to open. */
export function madeBy({ kind, result }: Pick<Job, 'kind' | 'result'>): Made | undefined {
  if (kind === 'train') return made('model', '/models', result?.['model'], result?.['version'])
  if (kind === 'render') return made('chart', '/charts', result?.['chart'])
  return made('dataset', '/datasets', result?.['dataset'])
}

function made(kind: Made['kind'], under: string, name: unknown, version?: unknown): Made | undefined {
  if (typeof name !== 'string') return undefined
  const which = typeof version === 'number' ? `?version=${version}` : ''
  return { kind, name, href: `${under}/${encodeURIComponent(name)}${which}` }
}

function firstLine(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim()
  return line.length > LONGEST ? `${line.slice(0, LONGEST)}…` : line
}
