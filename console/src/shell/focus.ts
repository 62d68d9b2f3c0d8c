import { useRouter } from '@tanstack/react-router'
import { useEffect } from 'react'

const PATIENCE_MS = 1_000
const left = new Map<string, string>()

/**
 * Moves focus with the pages: to the content of a new one, and, on the way back, to the link that was followed from
 * there, once it is seen again.
 */
export function useReturningFocus(): void {
  const router = useRouter()
  useEffect(() => {
    const leaving = router.subscribe('onBeforeNavigate', ({ fromLocation, pathChanged }) => {
      const link = document.activeElement?.closest('a')?.getAttribute('href')
      if (pathChanged && fromLocation?.state.__TSR_key && link) left.set(fromLocation.state.__TSR_key, link)
    })
    const arriving = router.subscribe('onRendered', ({ fromLocation, toLocation, pathChanged }) => {
      if (!fromLocation || !pathChanged) return
      const link = left.get(toLocation.state.__TSR_key ?? '')
      document.getElementById('content')?.focus({ preventScroll: true })
      if (link) focusOnceThere(`main a[href="${CSS.escape(link)}"]`)
    })
    return () => {
      leaving()
      arriving()
    }
  }, [router])
}

function focusOnceThere(selector: string, until = performance.now() + PATIENCE_MS): void {
  const found = document.querySelector<HTMLElement>(selector)
  const unmoved = document.activeElement?.id === 'content'
  if (found && unmoved) found.focus({ preventScroll: true })
  else if (unmoved && performance.now() < until) requestAnimationFrame(() => focusOnceThere(selector, until))
}
