import { useState } from 'react'
import type { Chart } from '../../api/types'
import { Button, LinkButton } from '../../components/Button'
import { Field, Select } from '../../components/Field'
import classes from './Dashboards.module.css'

interface ArrangeBarProps {
  title: string
  charts: readonly Chart[]
  onTitle: (title: string) => void
  onAdd: (chart: string) => void
  onWrite: () => void
}

/** The title, and what can be placed. */
export function ArrangeBar({ title, charts, onTitle, onAdd, onWrite }: ArrangeBarProps) {
  const [chosen, choose] = useState('')
  const chart = chosen || charts[0]?.name
  return (
    <div className={classes.adding}>
      <Field label="Title" maxLength={200} value={title} onChange={(event) => onTitle(event.target.value)} />
      {chart === undefined ? (
        <LinkButton href="/charts?new=1">Make a chart first</LinkButton>
      ) : (
        <>
          <Select label="Chart" value={chart} onChange={(event) => choose(event.target.value)}>
            {charts.map((one) => (
              <option key={one.name} value={one.name}>
                {one.title || one.name}
              </option>
            ))}
          </Select>
          <Button onClick={() => onAdd(chart)}>Add the chart</Button>
        </>
      )}
      <Button onClick={onWrite}>Add a text</Button>
    </div>
  )
}
