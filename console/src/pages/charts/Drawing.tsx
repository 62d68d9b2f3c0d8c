import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { type ChartRows, chartRowsQuery, MOST_ROWS, type Source } from '../../api/chartRows'
import { counted, duration } from '../../components/figures'
import { ProblemNotice } from '../../components/ProblemNotice'
import { RelativeTime } from '../../components/RelativeTime'
import { SkeletonBlock } from '../../components/Skeleton'
import { VegaChart } from '../../components/VegaChart'
import type { Spec } from '../../components/vega/chart'
import classes from './Charts.module.css'

interface DrawingProps {
  source: Source
  spec: Spec
  label: string
  height: number
}

/** A chart over its rows as they are now, with how many they are and when they were read. */
export function Drawing({ source, spec, label, height }: DrawingProps) {
  const hasSource = Boolean(source.dataset ?? source.sql)
  const answer = useQuery(chartRowsQuery(source))
  const text = JSON.stringify(spec)
  const kept = useMemo(() => JSON.parse(text) as Spec, [text])
  if (!hasSource) return <VegaChart spec={kept} label={label} height={height} />
  if (answer.data === undefined) {
    if (answer.isError) return <ProblemNotice error={answer.error} retry={() => void answer.refetch()} />
    return <SkeletonBlock height={height + 36} />
  }
  if (answer.data.rows.length > MOST_ROWS) return <TooMany />
  return (
    <div className={classes.stack}>
      <VegaChart spec={kept} rows={answer.data.rows} columns={answer.data.columns} label={label} height={height} />
      <Freshness answer={answer.data} at={answer.dataUpdatedAt} />
    </div>
  )
}

function Freshness({ answer, at }: { answer: ChartRows; at: number }) {
  return (
    <p className={classes.soft}>
      {counted(answer.rows.length, 'row')} · {duration(answer.elapsedMs)}
      {answer.cached && ', cached'}
      {answer.datasets.map((one) => ` · ${one.name} version ${one.version}`)} · read <RelativeTime at={new Date(at).toISOString()} />
    </p>
  )
}

function TooMany() {
  return (
    <p role="status" className={classes.soft}>
      These are more than the {counted(MOST_ROWS, 'row')} that a chart is drawn from. Choose how the values are put together,
      such as the mean up and a column across, and the database summarises them; or write the query yourself.
    </p>
  )
}
