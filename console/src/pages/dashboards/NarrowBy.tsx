import { useQueries, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { chartRowsQuery } from '../../api/chartRows'
import { datasetsQuery } from '../../api/datasets'
import type { Chart } from '../../api/types'
import { Button } from '../../components/Button'
import { Field, Select } from '../../components/Field'
import classes from './Dashboards.module.css'
import { columnsToNarrowBy, MOST_CHOICES, valuesQuery, whereOf } from './narrowing'
import { dashboardRoute } from './place'

/** Narrows what all tiles are drawn from, on the platform and over all rows; it is in the link. */
export function NarrowBy({ charts }: { charts: readonly Chart[] }) {
  const { by = '', is = '' } = dashboardRoute.useSearch()
  const navigate = dashboardRoute.useNavigate()
  const answers = useQueries({ queries: charts.map((chart) => chartRowsQuery(chart, whereOf(by, is))) })
  const read = new Set(answers.flatMap(({ data }) => data?.datasets.map((one) => one.name) ?? []))
  const datasets = useQuery(datasetsQuery).data?.filter((one) => read.has(one.name)) ?? []
  const columns = columnsToNarrowBy(datasets)
  const values = useQuery(valuesQuery(by || undefined, datasets)).data
  if (!charts.some(readsRows)) return null
  const go = (to: { by: string | undefined; is: string | undefined }) =>
    void navigate({ search: { edit: undefined, ...to }, replace: true })
  return (
    <div className={classes.narrowing}>
      <Select label="Filter by" value={by} onChange={(event) => go({ by: event.target.value || undefined, is: undefined })}>
        <option value="">Nothing</option>
        {by && !columns.includes(by) && <option>{by}</option>}
        {columns.map((name) => (
          <option key={name}>{name}</option>
        ))}
      </Select>
      {by && values && values.length > MOST_CHOICES ? (
        <Typed key={by} label={by} value={is} onValue={(next) => go({ by, is: next || undefined })} />
      ) : (
        by && (
          <Select label={by} value={is} onChange={(event) => go({ by, is: event.target.value || undefined })}>
            <option value="">All</option>
            {is && !values?.includes(is) && <option>{is}</option>}
            {values?.map((value) => (
              <option key={value}>{value}</option>
            ))}
          </Select>
        )
      )}
      {by && (
        <Button kind="quiet" onClick={() => go({ by: undefined, is: undefined })}>
          Clear
        </Button>
      )}
    </div>
  )
}

function readsRows({ dataset, sql }: Chart): boolean {
  return Boolean(dataset ?? sql)
}

function Typed({ label, value, onValue }: { label: string; value: string; onValue: (value: string) => void }) {
  const [draft, setDraft] = useState(value)
  return (
    <form
      className={classes.typed}
      onSubmit={(event) => {
        event.preventDefault()
        onValue(draft)
      }}
    >
      <Field label={label} placeholder="All" value={draft} onChange={(event) => setDraft(event.target.value)} />
      <Button type="submit">Apply</Button>
    </form>
  )
}
