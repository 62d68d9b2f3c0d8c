/** Where in the statement the engine found fault, as offsets; none when it doesn't say. */
export function faultPlace(sql: string, detail: string): { from: number; to: number } | undefined {
  const character = /at character (\d+)/.exec(detail)
  if (character) return wordAt(sql, Number(character[1]) - 1)
  const pointed = /LINE (\d+): (.*)\n( *)\^+/.exec(detail)
  if (!pointed) return undefined
  const [, number = '1', shown = '', spaces = ''] = pointed
  const column = spaces.length - `LINE ${number}: `.length
  const start = startOfLine(sql, Number(number))
  if (start === undefined || column < 0) return undefined
  if (!shown.startsWith('...')) return wordAt(sql, start + column)
  // The engine shows a part of a long line: look for what it points at.
  const found = sql.indexOf(shown.slice(column).replace(/\.\.\.$/, ''), start)
  return found < 0 ? undefined : wordAt(sql, found)
}

function startOfLine(sql: string, number: number): number | undefined {
  const lines = sql.split('\n')
  if (number > lines.length) return undefined
  return lines.slice(0, number - 1).reduce((sum, line) => sum + line.length + 1, 0)
}

function wordAt(sql: string, offset: number): { from: number; to: number } {
  const from = Math.min(Math.max(offset, 0), Math.max(sql.length - 1, 0))
  const word = /^(\w+|[^\s\w])/.exec(sql.slice(from))?.[0] ?? ' '
  return { from, to: Math.min(from + word.length, sql.length) }
}
