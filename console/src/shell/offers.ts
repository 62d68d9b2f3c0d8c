import { useQueries } from '@tanstack/react-query'
import { useDeferredValue } from 'react'
import { covers } from '../api/session'
import type { Role } from '../api/types'
import type { Finder, Go, Place } from './place'

/** One line of the palette. */
export interface Offer {
  key: string
  kind: string
  label: string
  detail?: string
  keys?: string
  run: (go: Go) => void
}

const FRESH_MS = 30_000
const AT_MOST = 8

/** What the palette offers for `text`: things by name first, then what can be run, then places. */
export function useOffers(places: readonly Place[], role: Role, text: string): { offers: Offer[]; looking: boolean } {
  const asked = useDeferredValue(text)
  const finders = asked ? places.flatMap((place) => place.finders ?? []) : []
  const found = useQueries({
    queries: finders.map((finder) => ({
      queryKey: ['found', finder.kind, asked],
      queryFn: ({ signal }: { signal: AbortSignal }) => finder.find(asked, signal),
      staleTime: FRESH_MS,
    })),
  })
  const things = finders.flatMap((finder, index) => offered(finder, found[index]?.data ?? []))
  return {
    offers: [...things, ...matching(commands(places, role), text), ...matching(ways(places), text)],
    looking: found.some((one) => one.isPending),
  }
}

/** Whether each word of `text` begins a word of `label` or stands in it. */
export function matches(label: string, text: string): boolean {
  const name = label.toLowerCase()
  return text.toLowerCase().split(/\s+/).every((word) => name.includes(word))
}

function offered(finder: Finder, found: Awaited<ReturnType<Finder['find']>>): Offer[] {
  return found.slice(0, AT_MOST).map((one) => ({
    key: `${finder.kind} ${one.href}`,
    kind: finder.kind,
    label: one.label,
    run: (go) => go(one.href),
    ...(one.detail !== undefined && { detail: one.detail }),
  }))
}

function commands(places: readonly Place[], role: Role): (Offer & { words?: string })[] {
  return places
    .flatMap((place) => place.commands ?? [])
    .filter((command) => covers(role, command.role ?? 'viewer'))
    .map((command) => ({ ...command, key: `run ${command.label}`, kind: 'Run' }))
}

function ways(places: readonly Place[]): Offer[] {
  return places.map((place) => ({
    key: `go ${place.href}`,
    kind: 'Go to',
    label: place.name,
    keys: `g ${place.letter}`,
    run: (go) => go(place.href),
  }))
}

function matching(offers: readonly (Offer & { words?: string })[], text: string): Offer[] {
  return offers.filter((offer) => matches(`${offer.kind} ${offer.label} ${offer.words ?? ''}`, text))
}
