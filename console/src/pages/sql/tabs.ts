import { useSyncExternalStore } from 'react'
import type { Typed } from './params'

/** A query that is being written. */
export interface QueryTab {
  id: string
  name: string
  sql: string
  /** What was typed for its placeholders. */
  typed?: Typed
}

const AT_MOST = 30
const listeners = new Set<() => void>()
let owner = ''
let tabs: readonly QueryTab[] = []

/** The reader's tabs, as this browser keeps them. */
export function useTabs(reader: string): readonly QueryTab[] {
  if (owner !== reader) load(reader)
  return useSyncExternalStore(subscribe, () => tabs)
}

/** A tab with this text: the one that has it already, or a new one. */
export function openTab(sql: string): QueryTab {
  const known = tabs.find((one) => one.sql === sql)
  if (known) return known
  const made = { id: newId(), name: nameOf(sql), sql }
  keep([...tabs, made].slice(-AT_MOST))
  return made
}

export function changeTab(id: string, change: Partial<QueryTab>): void {
  keep(tabs.map((one) => (one.id === id ? { ...one, ...change } : one)))
}

/** Take the tab away; gives what brings it back. */
export function closeTab(id: string): () => void {
  const at = tabs.findIndex((one) => one.id === id)
  const [gone] = tabs.slice(at, at + 1)
  keep(tabs.filter((one) => one.id !== id))
  return () => gone && keep(tabs.toSpliced(at, 0, gone))
}

/** An id that nobody guesses, without the functions that only safe connections have. */
export function newId(): string {
  return [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

function nameOf(sql: string): string {
  const table = /\bfrom\s+"?([\w.]+)/i.exec(sql)?.[1]
  const wanted = table ?? 'Query'
  const taken = (name: string) => tabs.some((one) => one.name === name)
  if (!taken(wanted)) return wanted
  let number = 2
  while (taken(`${wanted} ${number}`)) number += 1
  return `${wanted} ${number}`
}

function load(reader: string): void {
  owner = reader
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(place()) ?? '[]')
    tabs = Array.isArray(kept) ? kept.filter(isTab) : []
  } catch {
    tabs = []
  }
}

function keep(next: readonly QueryTab[]): void {
  tabs = next
  try {
    localStorage.setItem(place(), JSON.stringify(tabs))
  } catch {
    // The browser's room is used up: the tabs last as long as the page.
  }
  for (const listener of listeners) listener()
}

function place(): string {
  return `datalab.sql.${owner}`
}

function isTab(value: unknown): value is QueryTab {
  const one = value as Partial<QueryTab> | null
  return typeof one?.id === 'string' && typeof one.name === 'string' && typeof one.sql === 'string'
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
