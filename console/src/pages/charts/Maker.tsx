import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { chartRowsQuery } from '../../api/chartRows'
import { datasetsQuery } from '../../api/datasets'
import { Card } from '../../components/Card'
import { Field } from '../../components/Field'
import { Tabs } from '../../components/Tabs'
import classes from './Charts.module.css'
import { type Draft, effective } from './draft'
import { Drawing } from './Drawing'
import { SourceFields } from './SourceFields'
import { SpecFields } from './SpecFields'
import { SpecText } from './SpecText'
import { useSettled } from './settled'

const HEIGHT = 380

interface MakerProps {
  draft: Draft
  onChange: (draft: Draft) => void
  /** Fields above the others, such as the name of a new chart. */
  first?: ReactNode
}

/** The form beside the chart that comes of it. */
export function Maker({ draft, onChange, first }: MakerProps) {
  const [view, setView] = useState<'form' | 'text'>('form')
  const datasets = useQuery(datasetsQuery).data ?? []
  const dataset = datasets.find((one) => one.name === draft.dataset)
  const drawn = effective(useSettled(draft), dataset)
  const answer = useQuery({ ...chartRowsQuery({ sql: drawn.sql }), enabled: !draft.dataset && Boolean(drawn.sql?.trim()) })
  const columns = dataset?.columns ?? (draft.sql === null ? [] : (answer.data?.columns ?? []))
  const change = (to: Partial<Draft>) => onChange({ ...draft, ...to })
  const isEmpty = Object.keys((draft.spec['encoding'] as object | undefined) ?? {}).length === 0
  return (
    <div className={classes.maker}>
      <Card>
        <div className={classes.form}>
          {first}
          <Field
            label="Title"
            maxLength={200}
            value={draft.title}
            onChange={(event) => change({ title: event.target.value })}
          />
          <SourceFields draft={draft} datasets={datasets} onChange={change} />
          <Tabs
            label="How it is drawn"
            selected={view}
            onSelect={setView}
            tabs={[
              {
                name: 'form',
                label: 'Choose',
                content: <SpecFields spec={draft.spec} columns={columns} onChange={(spec) => change({ spec })} />,
              },
              {
                name: 'text',
                label: 'Vega-Lite',
                content: <SpecText spec={draft.spec} onChange={(spec) => change({ spec })} />,
              },
            ]}
          />
        </div>
      </Card>
      <Card title="Preview">
        {isEmpty && 'mark' in draft.spec ? (
          <p className={classes.soft} style={{ minHeight: HEIGHT }}>
            Choose where the rows come from and what stands across and up.
          </p>
        ) : (
          <Drawing source={drawn} spec={drawn.spec} label={draft.title || 'Preview'} height={HEIGHT} />
        )}
      </Card>
    </div>
  )
}
