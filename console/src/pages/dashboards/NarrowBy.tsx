import { useQueries } from '@tanstack/react-query'
import { chartRowsQuery } from '../../api/chartRows'
import type { Chart } from '../../api/types'
import { Button } from '../../components/Button'
import { Select } from '../../components/Field'
import classes from './Dashboards.module.css'
import { choicesOf } from './narrowing'
import { dashboardRoute } from './place'

/** Narrows all tiles that can be; it is in the link. */
export function NarrowBy({ charts }: { charts: readonly Chart[] }) {
  const { by = '', is = '' } = dashboardRoute.useSearch()
  const navigate = dashboardRoute.useNavigate()
  const answers = useQueries({ queries: charts.map((chart) => chartRowsQuery(chart)) })
  const choices = choicesOf(answers.flatMap(({ data }) => (data ? [data] : [])))
  if (choices.size === 0 && !by) return null
  const go = (to: { by: string | undefined; is: string | undefined }) =>
    void navigate({ search: { edit: undefined, ...to }, replace: true })
  return (
    <div className={classes.narrowing}>
      <Select label="Filter by" value={by} onChange={(event) => go({ by: event.target.value || undefined, is: undefined })}>
        <option value="">Nothing</option>
        {by && !choices.has(by) && <option>{by}</option>}
        {[...choices.keys()].map((name) => (
          <option key={name}>{name}</option>
        ))}
      </Select>
      {by && (
        <Select label={by} value={is} onChange={(event) => go({ by, is: event.target.value || undefined })}>
          <option value="">All</option>
          {is && !choices.get(by)?.includes(is) && <option>{is}</option>}
          {choices.get(by)?.map((value) => (
            <option key={value}>{value}</option>
          ))}
        </Select>
      )}
      {by && (
        <Button kind="quiet" onClick={() => go({ by: undefined, is: undefined })}>
          Clear
        </Button>
      )}
    </div>
  )
}
