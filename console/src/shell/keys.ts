import { useEffect, useRef, useSyncExternalStore } from 'react'

/**
 * A key that does something. `keys`: one of `u`, `/`, `?`, `escape`, `mod+enter` (Ctrl, or ⌘ on a Mac), or two one
 * after the other: `g d`.
 */
export interface Key {
  keys: string
  label: string
  run: () => void
}

/** Where a key is told of: the shell's act everywhere, a page's only on that page. */
export type Reach = 'everywhere' | 'page'

interface Bound extends Key {
  reach: Reach
}

const SINGLE_KEYS = 'datalab.single-keys'
const PATIENCE_MS = 2_000
const NAMES: Record<string, string> = { escape: 'Esc', enter: '↵', mod: isMac() ? '⌘' : 'Ctrl' }
const layers: Bound[][] = []
const listeners = new Set<() => void>()
let all: readonly Bound[] = []
let waiting: { first: string; at: number } | undefined

/** Bind keys while the component is there. Of the same keys the ones bound last win. */
export function useKeys(keys: readonly Key[], reach: Reach = 'page'): void {
  const latest = useRef(keys)
  latest.current = keys
  const names = keys.map((key) => `${key.keys} ${key.label}`).join('\n')
  useEffect(() => {
    const layer = latest.current.map((key, index) => ({ ...key, reach, run: () => latest.current[index]?.run() }))
    layers.push(layer)
    tell()
    return () => {
      layers.splice(layers.indexOf(layer), 1)
      tell()
    }
  }, [names, reach])
}

/** All keys that act now. */
export function useBoundKeys(): readonly Bound[] {
  return useSyncExternalStore(subscribe, () => all)
}

/** Keys as they are shown, in the order in which they are pressed: `['Ctrl K']`, `['G', 'D']`. */
export function shown(keys: string): string[] {
  return keys.split(' ').map((stroke) => stroke.split('+').map((key) => NAMES[key] ?? key.toUpperCase()).join(' '))
}

/** Whether keys without a modifier act; some readers speak or lean on keys, so it can be switched off. */
export function singleKeysAct(): boolean {
  return localStorage.getItem(SINGLE_KEYS) !== 'off'
}

export function letSingleKeysAct(act: boolean): void {
  if (act) localStorage.removeItem(SINGLE_KEYS)
  else localStorage.setItem(SINGLE_KEYS, 'off')
}

/** Listen for keys; gives what ends it. */
export function listen(): () => void {
  window.addEventListener('keydown', onKeyDown)
  return () => window.removeEventListener('keydown', onKeyDown)
}

function onKeyDown(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing || event.altKey) return
  const pressed = pressedKeys(event)
  const plain = !pressed.startsWith('mod+')
  if (plain && pressed !== 'escape' && (isTyping(event.target) || !singleKeysAct())) return
  if (isCovered() && pressed !== 'mod+k') return
  const sequence = waiting && event.timeStamp - waiting.at < PATIENCE_MS ? `${waiting.first} ${pressed}` : pressed
  waiting = undefined
  const bound = find(sequence) ?? find(pressed)
  if (bound) {
    event.preventDefault()
    bound.run()
  } else if (all.some((one) => one.keys.startsWith(`${pressed} `))) {
    waiting = { first: pressed, at: event.timeStamp }
  }
}

function pressedKeys(event: KeyboardEvent): string {
  const key = event.key.toLowerCase()
  return event.ctrlKey || event.metaKey ? `mod+${key}` : key
}

function find(keys: string): Bound | undefined {
  return all.findLast((one) => one.keys === keys)
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(input|select|textarea)$/i.test(target.tagName))
}

// What lies over the page has keys of its own.
function isCovered(): boolean {
  return document.querySelector('[role="dialog"], [role="menu"]') !== null
}

function isMac(): boolean {
  return /mac|iphone|ipad/i.test(navigator.platform)
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

function tell(): void {
  all = layers.flat()
  for (const listener of listeners) listener()
}
