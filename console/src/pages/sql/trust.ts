let entered: string | undefined

/**
 * Whether the query came by a link of the console rather than with the address that was loaded: that may come from
 * anybody, so its query is shown, and runs when the reader says so.
 */
export function cameByItself(sql: string): boolean {
  const [loaded] = performance.getEntriesByType('navigation')
  const path = loaded ? new URL(loaded.name).pathname : ''
  if (path === '/' || path.startsWith('/datasets')) return true
  entered ??= sql
  return sql !== entered
}
