const RELOADED = 'datalab.reloaded-at'
const ONCE_IN_MS = 60_000

/** After an upgrade the old page's parts are gone: load the new page, though not over and over. */
export function followReleases(): void {
  window.addEventListener('vite:preloadError', (event) => {
    const before = Number(sessionStorage.getItem(RELOADED) ?? 0)
    if (Date.now() - before < ONCE_IN_MS) return
    event.preventDefault()
    sessionStorage.setItem(RELOADED, String(Date.now()))
    window.location.reload()
  })
}
