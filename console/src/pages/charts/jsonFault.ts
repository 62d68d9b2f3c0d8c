/** What is wrong with a text that should be one JSON object, with the line and column where it is known. */
export function faultOf(text: string): string | undefined {
  try {
    const read: unknown = JSON.parse(text)
    const isObject = typeof read === 'object' && read !== null && !Array.isArray(read)
    return isObject ? undefined : 'A spec is an object: { … }'
  } catch (error) {
    return placed(error instanceof Error ? error.message : String(error), text)
  }
}

// Some browsers tell no place: it is after the longest beginning that only lacks its end.
function placed(message: string, text: string): string {
  if (/line \d+/.test(message)) return message
  let [whole, broken] = [0, text.length]
  while (broken - whole > 1) {
    const middle = Math.floor((whole + broken) / 2)
    if (lacksItsEnd(text.slice(0, middle))) whole = middle
    else broken = middle
  }
  const before = text.slice(0, whole).split('\n')
  return `Line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}: ${message.replace(/[,.]? (\.\.\.|in JSON|"[^]*is not valid).*$/, '')}`
}

function lacksItsEnd(beginning: string): boolean {
  try {
    JSON.parse(beginning)
    return true
  } catch (error) {
    const message = String(error)
    const position = /position (\d+)/.exec(message)?.[1]
    return /end of|EOF|Unterminated/i.test(message) || Number(position) >= beginning.length
  }
}
