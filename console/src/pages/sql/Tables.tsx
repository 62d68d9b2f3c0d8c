import type { UseQueryResult } from '@tanstack/react-query'
import { ChevronRight, Database } from 'lucide-react'
import { useState } from 'react'
import type { Dataset } from '../../api/types'
import { shortType } from '../../components/columnKind'
import { short } from '../../components/figures'
import { ProblemNotice } from '../../components/ProblemNotice'
import { Skeleton } from '../../components/Skeleton'
import { sqlRoute } from './place'
import classes from './Tables.module.css'

interface TablesProps {
  datasets: UseQueryResult<Dataset[]>
  onInsert: (text: string) => void
}

/** What can be asked: each dataset with its columns; a press puts the name where the cursor is. */
export function Tables({ datasets, onInsert }: TablesProps) {
  const search = sqlRoute.useSearch()
  const navigate = sqlRoute.useNavigate()
  const { tables: filter = '' } = search
  const shown = datasets.data?.filter((one) => holds(one, filter.toLowerCase()))
  return (
    <aside className={classes.tables} aria-label="Tables">
      <input
        type="search"
        className={classes.filter}
        aria-label="Filter tables"
        placeholder="Filter tables"
        value={filter}
        onChange={(event) =>
          void navigate({ search: { ...search, tables: event.target.value || undefined }, replace: true })
        }
      />
      {datasets.isError && <ProblemNotice error={datasets.error} retry={() => void datasets.refetch()} />}
      {datasets.isPending && Array.from({ length: 5 }, (_, index) => <Skeleton key={index} width={20} />)}
      <ul>
        {shown?.map((one) => (
          <Table key={one.name} dataset={one} open={filter !== '' || shown.length === 1} onInsert={onInsert} />
        ))}
      </ul>
      {shown?.length === 0 && <p className={classes.none}>{filter ? `No table holds “${filter}”` : 'No datasets yet'}</p>}
    </aside>
  )
}

function Table({ dataset, open, onInsert }: { dataset: Dataset; open: boolean; onInsert: (text: string) => void }) {
  const [toggled, toggle] = useState(false)
  const shown = open !== toggled
  return (
    <li>
      <div className={classes.table}>
        <button
          type="button"
          className={classes.toggle}
          aria-expanded={shown}
          aria-label={`Columns of ${dataset.name}`}
          onClick={() => toggle(!toggled)}
        >
          <ChevronRight size={14} aria-hidden="true" className={shown ? classes.open : ''} />
        </button>
        <button type="button" className={classes.name} title={dataset.description} onClick={() => onInsert(inSql(dataset.name))}>
          <Database size={14} aria-hidden="true" />
          <span>{dataset.name}</span>
          <small>{short(dataset.rows)}</small>
        </button>
      </div>
      {shown && (
        <ul className={classes.columns}>
          {dataset.columns.map((column) => (
            <li key={column.name}>
              <button type="button" className={classes.column} onClick={() => onInsert(inSql(column.name))}>
                <span>{column.name}</span>
                <small>{shortType(column.type)}</small>
              </button>
            </li>
          ))}
        </ul>
      )}
    </li>
  )
}

function holds(dataset: Dataset, text: string): boolean {
  return `${dataset.name} ${dataset.columns.map((one) => one.name).join(' ')}`.toLowerCase().includes(text)
}

function inSql(name: string): string {
  return /^[a-z_][a-z0-9_.]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`
}
