import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { chartRowsQuery, MOST_ROWS } from '../../api/chartRows'
import { asProblem } from '../../api/problem'
import type { Chart } from '../../api/types'
import { Button } from '../../components/Button'
import { counted } from '../../components/figures'
import { RelativeTime } from '../../components/RelativeTime'
import { SkeletonBlock } from '../../components/Skeleton'
import { VegaChart } from '../../components/VegaChart'
import classes from './Dashboards.module.css'
import { type Narrowing, narrowed } from './narrowing'

interface TileBodyProps {
  chart: Chart
  narrowing: Narrowing | undefined
  height: number
}

/** A chart in its tile, with how many rows it shows and how fresh they are; or why it shows none. */
export function TileBody({ chart, narrowing, height }: TileBodyProps) {
  const answer = useQuery(chartRowsQuery(chart))
  const { by, is } = narrowing ?? {}
  const seen = useMemo(
    () => answer.data && narrowed(answer.data, by !== undefined && is !== undefined ? { by, is } : undefined),
    [answer.data, by, is],
  )
  const label = chart.title || chart.name
  if (!chart.dataset && !chart.sql) return <VegaChart spec={chart.spec} label={label} height={height} />
  if (answer.isError && !seen) {
    return <Fault text={asProblem(answer.error).detail || asProblem(answer.error).title} retry={() => void answer.refetch()} />
  }
  if (!seen) return <SkeletonBlock height={height} />
  if (seen.rows.length > MOST_ROWS) return <Fault text={`It has more than the ${counted(MOST_ROWS, 'row')} that are drawn.`} />
  return (
    <>
      <VegaChart spec={chart.spec} rows={seen.rows} columns={seen.columns} label={label} height={height} />
      <p className={classes.fresh}>
        {counted(seen.rows.length, 'row')}
        {narrowing && !seen.applied && `, not filtered: no ${narrowing.by}`} · read{' '}
        <RelativeTime at={new Date(answer.dataUpdatedAt).toISOString()} />
        {answer.isError && ', and not since'}
      </p>
    </>
  )
}

function Fault({ text, retry }: { text: string; retry?: () => void }) {
  return (
    <div className={classes.fault} role="alert">
      <strong>Can’t be drawn</strong>
      <p>{text}</p>
      {retry && <Button onClick={retry}>Try again</Button>}
    </div>
  )
}
