/** What stands for a statement's `$name` placeholders, as it was typed. */
export type Typed = Readonly<Record<string, string>>

/** What is sent for them. */
export type Params = Readonly<Record<string, string | number | boolean | null>>

// A placeholder in a text, a quoted name or a comment is none.
const OPAQUE = /'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[\s\S]*?\*\/|\$(\w*)\$[\s\S]*?\$\1\$/g
const PLACEHOLDER = /\$([A-Za-z_]\w*)/g
const NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?$/

/** The names of the statement's placeholders, in their order. */
export function placeholdersIn(sql: string): readonly string[] {
  const names = [...sql.replace(OPAQUE, ' ').matchAll(PLACEHOLDER)].map(([, name]) => name ?? '')
  return [...new Set(names)]
}

/** The values for the statement's placeholders; nothing when it has none. */
export function paramsFor(sql: string, typed: Typed): Params | undefined {
  const names = placeholdersIn(sql)
  if (names.length === 0) return undefined
  return Object.fromEntries(names.map((name) => [name, valueOf(typed[name] ?? '')]))
}

function valueOf(text: string): string | number | boolean | null {
  const bare = text.trim()
  if (bare === '') return null
  if (bare === 'true' || bare === 'false') return bare === 'true'
  const quoted = /^'(.*)'$/s.exec(bare)
  if (quoted) return quoted[1] ?? ''
  // A number with more digits than JavaScript holds is left to the database, which reads it from the text.
  return NUMBER.test(bare) && String(Number(bare)) === bare ? Number(bare) : text
}
