import type { Dataset } from '../../api/types'
import { Select, TextArea } from '../../components/Field'
import classes from './Charts.module.css'
import type { Draft } from './draft'

const SQL = ' sql'

interface SourceFieldsProps {
  draft: Draft
  datasets: readonly Dataset[]
  onChange: (to: Pick<Draft, 'dataset' | 'sql'>) => void
}

/** Where the rows come from: a dataset, or a query. */
export function SourceFields({ draft, datasets, onChange }: SourceFieldsProps) {
  const value = draft.dataset ?? (draft.sql === null ? '' : SQL)
  function choose(chosen: string) {
    if (chosen === SQL) onChange({ dataset: null, sql: draft.dataset ? `SELECT *\nFROM ${draft.dataset}\nLIMIT 1000` : '' })
    else onChange({ dataset: chosen || null, sql: null })
  }
  return (
    <>
      <Select label="Rows from" value={value} onChange={(event) => choose(event.target.value)}>
        <option value="">Choose…</option>
        <option value={SQL}>A query in SQL</option>
        <optgroup label="Datasets">
          {datasets.map((dataset) => (
            <option key={dataset.name}>{dataset.name}</option>
          ))}
        </optgroup>
      </Select>
      {draft.sql !== null && (
        <div className={classes.sql}>
          <TextArea
            label="SQL"
            spellCheck={false}
            value={draft.sql}
            onChange={(event) => onChange({ dataset: null, sql: event.target.value })}
          />
        </div>
      )}
    </>
  )
}
