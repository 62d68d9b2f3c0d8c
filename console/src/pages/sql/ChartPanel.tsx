import { useMemo, useState } from 'react'
import { useMay } from '../../api/rights'
import type { QueryResult } from '../../api/types'
import { Badge } from '../../components/Badge'
import { Button } from '../../components/Button'
import { Card } from '../../components/Card'
import { EmptyState } from '../../components/EmptyState'
import { Select } from '../../components/Field'
import { counted } from '../../components/figures'
import { VegaChart } from '../../components/VegaChart'
import type { Asked } from './runs'
import { SaveChart } from './SaveChart'
import { COUNT, type Drawing, type Mark, MARKS, MARKS_AT_MOST, specOf, suggest } from './suggest'
import classes from './Outcome.module.css'

const HEIGHT = 300

/** The answer as a chart: suggested, changed, saved. */
export function ChartPanel({ result, asked, name }: { result: QueryResult; asked: Asked; name: string }) {
  const suggested = useMemo(() => suggest(result), [result])
  const [chosen, choose] = useState<Drawing>()
  const [editing, edit] = useState(false)
  const [saving, save] = useState(false)
  const maySave = useMay('editor')
  const drawing = chosen ?? suggested
  const spec = useMemo(() => drawing && specOf(drawing, result), [drawing, result])
  const rows = useMemo(() => objectsOf(result), [result])
  if (!drawing || !spec) {
    return (
      <Card title="Chart">
        <EmptyState title="Nothing to draw">A chart needs rows with a number, a time or a name to count by.</EmptyState>
      </Card>
    )
  }
  const change = (to: Partial<Drawing>) => choose({ ...drawing, ...to })
  return (
    <Card
      title={
        <>
          Chart <Badge>{chosen ? drawing.mark : `${drawing.mark}, suggested`}</Badge>
        </>
      }
      aside={
        <span className={classes.actions}>
          <Button kind="quiet" aria-expanded={editing} onClick={() => edit(!editing)}>
            Edit
          </Button>
          {maySave && !asked.params && <Button onClick={() => save(true)}>Save chart</Button>}
        </span>
      }
    >
      {editing && <Choices drawing={drawing} columns={result.columns.map((one) => one.name)} onChange={change} />}
      <VegaChart
        spec={spec}
        rows={rows}
        columns={result.columns}
        height={drawing.mark === 'bar' && result.rows.length > HEIGHT / 18 ? Math.min(result.rows.length * 18, 720) : HEIGHT}
        label={`${drawing.mark} chart of ${drawing.y} by ${drawing.x}`}
      />
      {maySave && asked.params && <p className={classes.note}>To save it, write the values into the query: a chart takes no parameters.</p>}
      {result.rows.length > MARKS_AT_MOST && (
        <p className={classes.note}>
          The first {counted(MARKS_AT_MOST, 'row')} of {counted(result.rows.length, 'row')} are drawn: aggregate in SQL to
          draw all.
        </p>
      )}
      {saving && <SaveChart onClose={() => save(false)} spec={spec} sql={asked.sql} suggestion={name} />}
    </Card>
  )
}

interface ChoicesProps {
  drawing: Drawing
  columns: readonly string[]
  onChange: (to: Partial<Drawing>) => void
}

function Choices({ drawing, columns, onChange }: ChoicesProps) {
  const names = columns.map((one) => <option key={one}>{one}</option>)
  return (
    <div className={classes.choices}>
      <Select label="Mark" value={drawing.mark} onChange={(event) => onChange({ mark: event.target.value as Mark })}>
        {MARKS.map((mark) => (
          <option key={mark}>{mark}</option>
        ))}
      </Select>
      <Select label="Across" value={drawing.x} onChange={(event) => onChange({ x: event.target.value })}>
        {names}
        <option value={COUNT}>number of rows</option>
      </Select>
      <Select label="Up" value={drawing.y} onChange={(event) => onChange({ y: event.target.value })}>
        {names}
        <option value={COUNT}>number of rows</option>
      </Select>
      <Select label="Colour" value={drawing.color} onChange={(event) => onChange({ color: event.target.value })}>
        <option value="">one</option>
        {names}
      </Select>
    </div>
  )
}

function objectsOf({ columns, rows }: QueryResult): Record<string, unknown>[] {
  return rows.slice(0, MARKS_AT_MOST).map((row) => Object.fromEntries(columns.map((one, at) => [one.name, row[at]])))
}
