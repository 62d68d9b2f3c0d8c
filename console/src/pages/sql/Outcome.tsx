import { BarChart3 } from 'lucide-react'
import { useMemo } from 'react'
import { Button } from '../../components/Button'
import { Card } from '../../components/Card'
import { DataTable } from '../../components/DataTable'
import { EmptyState } from '../../components/EmptyState'
import { duration, Num } from '../../components/figures'
import { ProblemNotice } from '../../components/ProblemNotice'
import { RelativeTime } from '../../components/RelativeTime'
import { SkeletonBlock } from '../../components/Skeleton'
import type { QueryResult } from '../../api/types'
import { ChartPanel } from './ChartPanel'
import { ExportResult } from './ExportResult'
import { sqlRoute } from './place'
import { type Asked, ROWS_AT_MOST, type Run } from './runs'
import classes from './Outcome.module.css'

interface OutcomeProps {
  run: Run | undefined
  onAgain: () => void
  /** Of the query. */
  name: string
}

/** What the last query gave: rows, and beside them their chart; or why not. */
export function Outcome({ run, onAgain, name }: OutcomeProps) {
  const { chart } = sqlRoute.useSearch()
  if (!run) {
    return (
      <EmptyState title="Nothing has run yet">
        Write a query and run it. Press a table or a column on the left to put its name where the cursor is; names are
        completed as you type.
      </EmptyState>
    )
  }
  return (
    <div className={chart && run.state === 'done' ? classes.both : classes.outcome}>
      {run.state === 'running' && <SkeletonBlock height={280} />}
      {run.state === 'cancelled' && (
        <EmptyState title="The query was cancelled" actions={<Button onClick={onAgain}>Run again</Button>} />
      )}
      {run.state === 'failed' && <ProblemNotice error={run.problem} action={<Button onClick={onAgain}>Run again</Button>} />}
      {run.state === 'done' && <Result result={run.result} asked={run} at={run.at} name={name} />}
      {chart && run.state === 'done' && <ChartPanel key={shapeOf(run.result)} result={run.result} asked={run} name={name} />}
    </div>
  )
}

function Result({ result, asked, at, name }: { result: QueryResult; asked: Asked; at: string; name: string }) {
  const search = sqlRoute.useSearch()
  const navigate = sqlRoute.useNavigate()
  const columns = useMemo(() => distinct(result.columns), [result.columns])
  const charted = search.chart !== undefined
  return (
    <Card
      flush
      title={
        <>
          Result{' '}
          <span className={classes.facts} role="status">
            <Num value={result.row_count} /> {result.row_count === 1 ? 'row' : 'rows'} · {duration(result.elapsed_ms)} ·{' '}
            {result.cached ? 'cached' : 'not cached'}
            {result.datasets.map((one) => ` · ${one.name} version ${one.version}`)} · <RelativeTime at={at} />
          </span>
        </>
      }
      aside={
        <span className={classes.actions}>
          <Button
            kind="quiet"
            icon={BarChart3}
            aria-pressed={charted}
            onClick={() => void navigate({ search: { ...search, chart: charted ? undefined : 1 }, replace: true })}
          >
            Chart
          </Button>
          <ExportResult asked={asked} name={name} />
        </span>
      }
    >
      {result.truncated && (
        <p className={classes.cut}>
          Only the first <Num value={ROWS_AT_MOST} /> rows are here: more follow. Export them, or add a LIMIT.
        </p>
      )}
      {result.rows.length === 0 ? (
        <EmptyState title="No rows">The query ran, and nothing passed its conditions.</EmptyState>
      ) : (
        <DataTable label="Result" columns={columns} rows={result.rows} />
      )}
    </Card>
  )
}

// Two columns of an answer may have the same name.
function distinct(columns: QueryResult['columns']): QueryResult['columns'] {
  const times = new Map<string, number>()
  return columns.map((column) => {
    const before = times.get(column.name) ?? 0
    times.set(column.name, before + 1)
    return before === 0 ? column : { ...column, name: `${column.name} (${before + 1})` }
  })
}

function shapeOf(result: QueryResult): string {
  return result.columns.map((column) => `${column.name} ${column.type}`).join()
}
