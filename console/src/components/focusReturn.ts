import { useRef } from 'react'

/** For the content of a Radix dialog without a trigger: when it closes, focus returns where it was when it opened. */
export function useFocusReturn(open: boolean): { onCloseAutoFocus: (event: Event) => void } {
  const before = useRef<Element | null>(null)
  const wasOpen = useRef(false)
  // While rendering, since a field inside may take the focus before any effect runs.
  if (open && !wasOpen.current) before.current = document.activeElement
  wasOpen.current = open
  return {
    onCloseAutoFocus: (event) => {
      event.preventDefault()
      if (before.current instanceof HTMLElement && before.current.isConnected) before.current.focus()
    },
  }
}
