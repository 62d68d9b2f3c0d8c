/** What becomes of a file: where it goes, how, and with which columns. */
export interface Upload {
  file: File
  name: string
  mode: Mode
  /** By which columns rows are known again where they are updated. */
  keys: readonly string[]
  /** Those that are kept, in their order; none for all as they are. */
  columns: readonly Choice[]
}

export interface Choice {
  source: string
  name: string
  type: string | undefined
  kept: boolean
}

export const MODES = {
  create: 'Make a new dataset',
  append: 'Add its rows',
  upsert: 'Update rows by a key',
  replace: 'Replace all rows',
} as const
export type Mode = keyof typeof MODES

/** The types that the platform takes for a column. */
export const TYPES = [
  'BOOLEAN',
  'INTEGER',
  'BIGINT',
  'DOUBLE',
  'DECIMAL(18,3)',
  'VARCHAR',
  'DATE',
  'TIMESTAMP',
  'TIMESTAMP WITH TIME ZONE',
] as const

const ENDINGS: Readonly<Record<string, string>> = {
  csv: 'csv', tsv: 'tsv', tab: 'tsv', json: 'json', ndjson: 'ndjson', jsonl: 'ndjson',
  parquet: 'parquet', pq: 'parquet', arrow: 'arrow', arrows: 'arrow', feather: 'arrow', ipc: 'arrow',
}
const SEEN_FIRST = 2 ** 20
const WHOLE_AT_MOST = 2 ** 24

/** Endings of the files that are read. */
export const ACCEPTED = [...Object.keys(ENDINGS), 'gz', 'zst'].map((ending) => `.${ending}`).join(',')

/** What the file's name says of its format, below a `.gz`. */
export function formatOf(file: File): string | undefined {
  return ENDINGS[file.name.toLowerCase().replace(/\.(gz|zst|zstd)$/, '').split('.').at(-1) ?? '']
}

/** A dataset's name that the file's name suggests. */
export function nameFor(file: File): string {
  const bare = (file.name.split('.')[0] ?? '').toLowerCase().replace(/[^a-z0-9_]+/g, '_').replace(/^_+|_+$/g, '')
  return (/^[0-9]/.test(bare) ? `t_${bare}` : bare).slice(0, 63)
}

/** What is sent for a look: the beginning, or the whole of a format that can't be read from its beginning. */
export function beginning(file: File): { part: Blob; partial: boolean } | undefined {
  const whole = formatOf(file) === 'parquet' || formatOf(file) === 'arrow'
  if (whole) return file.size <= WHOLE_AT_MOST ? { part: file, partial: false } : undefined
  return { part: file.slice(0, SEEN_FIRST), partial: file.size > SEEN_FIRST }
}

/** The address of the upload, or of a look at it. */
export function address({ file, name, mode, keys, columns }: Upload, look?: { partial: boolean }): string {
  const query = new URLSearchParams({ mode })
  if (mode === 'upsert') query.set('key', keys.join(','))
  const format = formatOf(file)
  if (format) query.set('format', format)
  if (look) query.set('dry_run', 'true')
  if (look?.partial) query.set('partial', 'true')
  if (columns.some(isChosen)) query.set('columns', JSON.stringify(columns.filter((one) => one.kept).map(asked)))
  return `/api/v1/data/datasets/${encodeURIComponent(name)}?${query.toString()}`
}

function isChosen(column: Choice): boolean {
  return !column.kept || column.type !== undefined || column.name !== column.source
}

function asked({ source, name, type }: Choice) {
  return { source, ...(name !== source && { name }), ...(type !== undefined && { type }) }
}
