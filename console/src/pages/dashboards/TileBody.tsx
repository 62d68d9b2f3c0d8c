import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { chartRowsQuery, MOST_ROWS, type Where } from '../../api/chartRows'
import { asProblem } from '../../api/problem'
import type { Chart } from '../../api/types'
import { Button } from '../../components/Button'
import { counted } from '../../components/figures'
import { RelativeTime } from '../../components/RelativeTime'
import { Skeleton, SkeletonBlock } from '../../components/Skeleton'
import { VegaChart } from '../../components/VegaChart'
import classes from './Dashboards.module.css'

interface TileBodyProps {
  chart: Chart
  where: Where
  height: number
}

/** A chart in its tile, with how many rows it shows and how fresh they are; or why it shows none. */
export function TileBody({ chart, where, height }: TileBodyProps) {
  const answer = useQuery({ ...chartRowsQuery(chart, where), placeholderData: keepPreviousData })
  const seen = answer.data
  const without = where.map(([column]) => column).filter((column) => !seen?.datasets.some((one) => one.narrowed_by.includes(column)))
  const label = chart.title || chart.name
  if (!chart.dataset && !chart.sql) return <VegaChart spec={chart.spec} label={label} height={height} />
  if (answer.isError && !seen) {
    return <Fault text={asProblem(answer.error).detail || asProblem(answer.error).title} retry={() => void answer.refetch()} />
  }
  if (!seen) return <Waiting height={height} />
  if (seen.rows.length > MOST_ROWS) return <Fault text={`It has more than the ${counted(MOST_ROWS, 'row')} that are drawn.`} />
  return (
    <>
      <VegaChart spec={chart.spec} rows={seen.rows} columns={seen.columns} label={label} height={height} />
      <p className={classes.fresh}>
        {counted(seen.rows.length, 'row')}
        {without.length > 0 && `, not filtered: no ${without.join(', ')}`}
        {seen.datasets.map((one) => ` · ${one.name} version ${one.version}`)} · read{' '}
        <RelativeTime at={new Date(answer.dataUpdatedAt).toISOString()} />
        {answer.isError && ', and not since'}
      </p>
    </>
  )
}

function Waiting({ height }: { height: number }) {
  return (
    <div aria-busy="true">
      <SkeletonBlock height={height} />
      <p className={classes.fresh}>
        <Skeleton width={30} />
      </p>
    </div>
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
