import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import { asProblem } from '../../api/problem'
import { call } from '../../api/send'
import type { Chart } from '../../api/types'
import { asObject } from '../../components/vega/chart'
import { resizable } from '../../components/vega/sized'
import { useSeenTheme } from '../../components/vega/theme'
import classes from './Charts.module.css'

// Drawn larger than shown, so that marks and labels have room.
const DRAWN = { width: 480, height: 268 }
const QUIET = { axis: { labelOverlap: true, title: null }, legend: { title: null } }
export const PREVIEW_HEIGHT = 190
const FRESH_MS = 60_000

/** A chart's picture, drawn by the platform when it comes into view; of one size, so that nothing jumps. */
export function Preview({ chart }: { chart: Chart }) {
  const place = useRef<HTMLDivElement>(null)
  const seen = useSeen(place)
  const theme = useSeenTheme()
  const picture = useQuery({
    queryKey: ['charts', 'preview', chart.name, chart.updated_at, theme],
    enabled: seen,
    staleTime: FRESH_MS,
    queryFn: () => drawn(chart, theme),
  })
  return (
    <div ref={place} className={classes.preview} style={{ height: PREVIEW_HEIGHT }} aria-busy={picture.isPending}>
      {picture.data && <img src={picture.data} alt="" {...DRAWN} />}
      {picture.isError && <p className={classes.fault}>{asProblem(picture.error).detail}</p>}
    </div>
  )
}

async function drawn({ spec, sql, dataset }: Chart, theme: string): Promise<string> {
  const { title: _title, ...bare } = spec
  const size = resizable(spec) && { ...DRAWN, autosize: { type: 'fit', contains: 'padding' } }
  const quiet = { ...bare, ...size, config: { ...QUIET, ...asObject(spec['config']) } }
  const body = JSON.stringify({ spec: quiet, sql, dataset, theme })
  const answer = await call('POST', '/api/v1/viz/render?format=svg', body, { 'Content-Type': 'application/json' })
  return `data:image/svg+xml,${encodeURIComponent(await answer.text())}`
}

function useSeen(place: React.RefObject<HTMLElement | null>): boolean {
  const [seen, setSeen] = useState(false)
  useEffect(() => {
    if (!place.current) return
    const watch = new IntersectionObserver(([entry]) => entry?.isIntersecting && setSeen(true), { rootMargin: '200px' })
    watch.observe(place.current)
    return () => watch.disconnect()
  }, [place])
  return seen
}
