import { useEffect } from 'react'

const MOST = 50

/** How many rows to keep room for: as many as this device saw of the list the last time, `first` before that. */
export function useAwaited(list: string, seen: number | undefined, first: number): number {
  const place = `datalab.rows.${list}`
  useEffect(() => {
    if (seen) localStorage.setItem(place, String(Math.min(seen, MOST)))
  }, [place, seen])
  return Number(localStorage.getItem(place) ?? first)
}
