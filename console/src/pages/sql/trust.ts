/**
 * Whether the reader came here by a link of the console. The address of a page that was loaded whole may come from
 * anybody: its query is shown, and runs when the reader says so.
 */
export function cameByItself(): boolean {
  const [loaded] = performance.getEntriesByType('navigation')
  return loaded !== undefined && loaded.name !== window.location.href
}
