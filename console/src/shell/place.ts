import type { AnyRoute } from '@tanstack/react-router'
import type { LucideIcon } from 'lucide-react'
import type { ComponentType } from 'react'
import type { Role } from '../api/types'

/** The groups of the sidebar, in their order; a place of the first stands above all groups. */
export const GROUPS = ['', 'Data', 'Show', 'Learn and run', 'Operate'] as const
export type Group = (typeof GROUPS)[number]

/** Something the palette can run. `keys` such as `u` or `mod+enter` run it from everywhere too. */
export interface Command {
  label: string
  run: (go: Go) => void
  keys?: string
  words?: string
  role?: Role
  /** Also a button on Home; `primary` once in the whole console. */
  onHome?: 'primary' | 'plain'
}

/** Goes to a path of the console, such as `/datasets/flights?tab=history`. */
export type Go = (href: string) => void

/** A thing that was found: a dataset, a chart, a job. */
export interface Found {
  label: string
  detail?: string
  href: string
}

/** Finds things of one kind whose name holds the text. `text` is never empty. */
export interface Finder {
  kind: string
  find: (text: string, signal: AbortSignal) => Promise<Found[]>
}

/** One place of the console: all that the shell needs to know about it. */
export interface Place {
  name: string
  /** Its first page. */
  href: string
  icon: LucideIcon
  group: Group
  /** Where it stands in its group, from small to large. */
  order: number
  /** The letter after `g` that goes there. */
  letter: string
  routes: readonly AnyRoute[]
  /** The least role that sees it. */
  role?: Role
  commands?: readonly Command[]
  finders?: readonly Finder[]
  /** A word or a figure at the end of its line in the sidebar. */
  aside?: ComponentType
}

/** Declares a place: the default export of `pages/<place>/place.ts`. */
export function definePlace(place: Place): Place {
  return place
}
