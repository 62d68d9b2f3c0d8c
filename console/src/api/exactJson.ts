const LONG = /\d{16}/

/** JSON whose whole numbers beyond 2⁵³ become texts rather than other numbers. */
export function exactJson(text: string): unknown {
  if (!LONG.test(text)) return JSON.parse(text)
  const parse = JSON.parse as (text: string, revive: (key: string, value: unknown, context?: { source: string }) => unknown) => unknown
  return parse(text, (_key, value, context) => {
    const inexact = typeof value === 'number' && Number.isInteger(value) && !Number.isSafeInteger(value)
    return inexact && context ? context.source : value
  })
}
