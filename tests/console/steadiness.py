"""How far a page jumps while it fills: what the browser itself counts as layout shifts, from the first paint on."""

from dataclasses import dataclass

from playwright.async_api import BrowserContext

ANSWERS_AFTER_MS = 400
SETTLED_MS = 1_000
SLOWEST_MS = 90_000
WATCH = """((late) => {
  const seen = { sum: 0, moved: [], waiting: 0, changed: performance.now() }
  const touch = () => { seen.changed = performance.now() }
  const place = ({ x, y, width, height }) => `${[x, y].map(Math.round)} ${[width, height].map(Math.round).join('×')}`
  const told = ({ node, previousRect, currentRect }) => {
    const text = (node?.textContent ?? '').trim().slice(0, 40)
    return `${node?.nodeName} “${text}” from ${place(previousRect)} to ${place(currentRect)}`
  }
  new PerformanceObserver((list) => {
    for (const shift of list.getEntries()) {
      if (shift.hadRecentInput) continue
      touch()
      seen.sum += shift.value
      seen.moved.push(`${shift.value.toFixed(4)} at ${Math.round(shift.startTime)} ms: ${shift.sources.map(told).join('; ')}`)
    }
  }).observe({ type: 'layout-shift', buffered: true })
  new MutationObserver(touch).observe(document, { childList: true, subtree: true, characterData: true })
  document.addEventListener('load', touch, true)
  const asked = window.fetch
  window.fetch = async (...about) => {
    seen.waiting += 1
    try {
      const answer = await asked(...about)
      await new Promise((goOn) => setTimeout(goOn, late))
      return answer
    } finally {
      seen.waiting -= 1
      touch()
    }
  }
  window.EventSource = class extends window.EventSource {
    addEventListener(kind, heard, ...more) {
      super.addEventListener(kind, (event) => setTimeout(() => heard(event), late), ...more)
    }
  }
  window.steadiness = seen
})"""
SETTLED = """(quiet) => {
  const { waiting, changed } = window.steadiness
  return document.querySelector('h1') && !document.querySelector('main [aria-busy=true]') && waiting === 0
    && [...document.images].every((one) => one.complete) && performance.now() - changed > quiet
}"""


@dataclass(frozen=True)
class Jumps:
    """The sum of a page's layout shifts, and what moved."""

    path: str
    sum: float
    moved: tuple[str, ...]

    def __str__(self) -> str:
        return "\n  ".join((f"{self.path}: {self.sum:.4f}", *self.moved))


async def jumps(context: BrowserContext, path: str) -> Jumps:
    """What moves on the page from its first paint until it has settled, with every answer of the platform late."""
    page = await context.new_page()
    try:
        await page.add_init_script(f"{WATCH}({ANSWERS_AFTER_MS})")
        await page.goto(path)
        await page.wait_for_function(SETTLED, arg=SETTLED_MS, timeout=SLOWEST_MS)
        seen = await page.evaluate("window.steadiness")
    finally:
        await page.close()
    return Jumps(path, seen["sum"], tuple(seen["moved"]))
