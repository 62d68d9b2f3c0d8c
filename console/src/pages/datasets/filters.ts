/** One condition on rows in PostgREST's notation, as in `age=gte.21`. */
export interface Filter {
  column: string
  operator: string
  value: string
}

/** The operators offered, in words; `is.…` takes no value. */
export const OPERATORS: readonly { operator: string; words: string; sign: string }[] = [
  { operator: 'eq', words: 'is', sign: 'is' },
  { operator: 'neq', words: 'is not', sign: 'is not' },
  { operator: 'in', words: 'is one of', sign: 'is' },
  { operator: 'gt', words: 'more than', sign: '>' },
  { operator: 'gte', words: 'at least', sign: '≥' },
  { operator: 'lt', words: 'less than', sign: '<' },
  { operator: 'lte', words: 'at most', sign: '≤' },
  { operator: 'ilike', words: 'contains', sign: 'contains' },
  { operator: 'is.null', words: 'is missing', sign: 'is missing' },
  { operator: 'is.not_null', words: 'is there', sign: 'is there' },
]

const NEVER_COLUMNS = new Set(['select', 'order', 'limit', 'offset', 'cursor', 'version', 'at', 'format', 'or', 'and'])

/** The filters in a link's `where`, such as `carrier=eq.UA&dep_delay=gte.15`. */
export function filtersOf(where: string): Filter[] {
  return [...new URLSearchParams(where)].map(([column, text]) => {
    const [first = '', second = ''] = text.split('.')
    if (first === 'is') return { column, operator: `is.${second}`, value: '' }
    return { column, operator: first, value: text.slice(first.length + 1) }
  })
}

/** The filters as a link's `where`. */
export function whereOf(filters: readonly Filter[]): string {
  return new URLSearchParams(filters.map((filter) => [filter.column, written(filter)])).toString()
}

/** The filters as the platform takes them: a column named like a parameter stands in `and=(…)`. */
export function parametersOf(where: string): [string, string][] {
  return [...new URLSearchParams(where)].map(([column, text]) => {
    const clash = NEVER_COLUMNS.has(column) && !text.startsWith('(')
    return clash ? ['and', `(${column}.${text})`] : [column, text]
  })
}

/** A filter in words: `dep_delay ≥ 15`. */
export function inWords({ column, operator, value }: Filter): string {
  const known = OPERATORS.find((one) => one.operator === operator)
  if (!known) return `${column} ${operator}${value && `.${value}`}`
  return `${column} ${known.sign} ${shownInput(operator, value).replaceAll(',', ', ').replace(/, +/g, ', ')}`.trim()
}

/** The value as a person types it. */
export function shownInput(operator: string, value: string): string {
  if (operator === 'in') return value.replace(/^\(|\)$/g, '')
  return operator === 'ilike' ? value.replace(/^\*|\*$/g, '') : value
}

/** A typed value as a filter of the column. */
export function filterOf(column: string, operator: string, typed: string): Filter {
  if (operator.startsWith('is.')) return { column, operator, value: '' }
  if (operator === 'in') return { column, operator, value: `(${typed.split(',').map((one) => one.trim()).join(',')})` }
  return { column, operator, value: operator === 'ilike' ? `*${typed}*` : typed }
}

function written({ operator, value }: Filter): string {
  return operator.startsWith('is.') ? operator : `${operator}.${value}`
}
