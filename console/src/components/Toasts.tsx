import { useEffect, useState, useSyncExternalStore } from 'react'
import { X } from 'lucide-react'
import { Button } from './Button'
import classes from './Toasts.module.css'

interface Toast {
  id: number
  text: string
  action: { label: string; run: () => void } | undefined
  bad: boolean
}

interface Told {
  /** What can be done about it, such as `{label: 'Undo', run}`. */
  action?: { label: string; run: () => void }
  bad?: boolean
}

const STAYS_MS = 10_000
const listeners = new Set<() => void>()
let toasts: readonly Toast[] = []
let last = 0

/** Tell what was done, aloud but in passing. */
export function toast(text: string, { action, bad = false }: Told = {}): void {
  last += 1
  change([...toasts, { id: last, text, action, bad }])
}

/** Where the toasts stand; once, at the root. */
export function Toasts() {
  const shown = useSyncExternalStore(subscribe, () => toasts)
  return (
    <div className={classes.region} role="status" aria-live="polite">
      {shown.map((one) => (
        <One key={one.id} toast={one} />
      ))}
    </div>
  )
}

function One({ toast: one }: { toast: Toast }) {
  const [held, hold] = useState(false)
  const close = () => change(toasts.filter((other) => other.id !== one.id))
  useEffect(() => {
    if (held) return
    const timer = setTimeout(close, STAYS_MS)
    return () => clearTimeout(timer)
  })
  return (
    <div
      className={`${classes.toast} ${one.bad ? classes.bad : ''}`}
      onPointerEnter={() => hold(true)}
      onPointerLeave={() => hold(false)}
      onFocus={() => hold(true)}
      onBlur={() => hold(false)}
    >
      <span className={classes.text}>{one.text}</span>
      {one.action && (
        <Button
          onClick={() => {
            one.action?.run()
            close()
          }}
        >
          {one.action.label}
        </Button>
      )}
      <Button kind="quiet" icon={X} aria-label="Close" onClick={close} />
    </div>
  )
}

function change(next: readonly Toast[]): void {
  toasts = next
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
