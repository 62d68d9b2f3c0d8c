export type Kind = 'number' | 'time' | 'text' | 'boolean' | 'nested'

const NUMBERS = /^(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT|U\w*INT\w*|UHUGEINT|FLOAT|REAL|DOUBLE|DECIMAL)/
const SHORT: Readonly<Record<string, string>> = {
  VARCHAR: 'text',
  BIGINT: 'int',
  INTEGER: 'int',
  SMALLINT: 'int',
  TINYINT: 'int',
  DOUBLE: 'double',
  BOOLEAN: 'bool',
  'TIMESTAMP WITH TIME ZONE': 'timestamptz',
}

/** What kind of values a SQL type has. */
export function kindOf(type: string): Kind {
  const upper = type.toUpperCase()
  if (/[[\](]/.test(upper) && !upper.startsWith('DECIMAL')) return 'nested'
  if (NUMBERS.test(upper)) return 'number'
  if (/^(DATE|TIME)/.test(upper)) return 'time'
  return upper === 'BOOLEAN' ? 'boolean' : 'text'
}

/** A SQL type as people say it. */
export function shortType(type: string): string {
  return SHORT[type.toUpperCase()] ?? type.toLowerCase()
}
