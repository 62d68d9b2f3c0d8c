import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { chartsOn, dashboardHref, dashboardsQuery } from '../../api/dashboards'
import { useMay, useRefusal } from '../../api/rights'
import type { Dashboard } from '../../api/types'
import { Button, LinkButton } from '../../components/Button'
import { Card } from '../../components/Card'
import { EmptyState } from '../../components/EmptyState'
import { counted, Num } from '../../components/figures'
import { FilterBox } from '../../components/FilterBox'
import { Page, Toolbar } from '../../components/Page'
import { ProblemNotice } from '../../components/ProblemNotice'
import { RelativeTime } from '../../components/RelativeTime'
import { Skeleton } from '../../components/Skeleton'
import { type Column, Table } from '../../components/Table'
import { useKeys } from '../../shell/keys'
import classes from './Dashboards.module.css'
import { NewDashboard } from './NewDashboard'
import { dashboardsRoute } from './place'

/** All dashboards. */
export function DashboardsPage() {
  const { filter = '', new: making } = dashboardsRoute.useSearch()
  const navigate = dashboardsRoute.useNavigate()
  const dashboards = useQuery(dashboardsQuery)
  const mayWrite = useMay('editor')
  const refusal = useRefusal(making === 1, 'make dashboards')
  const shown = dashboards.data?.filter((one) => `${one.name} ${one.title}`.toLowerCase().includes(filter.toLowerCase()))
  const make = () => void navigate({ search: { filter: undefined, new: 1 } })
  useKeys(mayWrite ? [{ keys: 'n', label: 'Make a dashboard', run: make }] : [])
  return (
    <Page
      title="Dashboards"
      about={dashboards.data ? counted(dashboards.data.length, 'dashboard') : <Skeleton width={12} />}
      actions={
        mayWrite && (
          <Button kind="primary" keys="n" onClick={make}>
            Make a dashboard
          </Button>
        )
      }
    >
      {refusal && <ProblemNotice error={refusal} />}
      <Toolbar>
        <FilterBox
          label="Filter dashboards"
          value={filter}
          onChange={(next) => void navigate({ search: { filter: next || undefined, new: undefined }, replace: true })}
        />
      </Toolbar>
      {dashboards.isError && !dashboards.data ? (
        <ProblemNotice error={dashboards.error} retry={() => void dashboards.refetch()} />
      ) : (
        <Card flush>
          {dashboards.data?.length === 0 ? (
            <EmptyState
              title="No dashboards yet"
              actions={
                mayWrite && (
                  <>
                    <Button onClick={make}>Make a dashboard</Button>
                    <LinkButton href="/charts?new=1">Make a chart first</LinkButton>
                  </>
                )
              }
            >
              A dashboard shows charts beside each other, as their data are now. The command <code>datalab demo</code> makes
              one with sample data.
            </EmptyState>
          ) : (
            <Table label="Dashboards" columns={COLUMNS} rows={shown} rowKey={(one) => one.name} expected={3} />
          )}
          {shown?.length === 0 && filter && <p className={classes.none}>No dashboard’s name holds “{filter}”.</p>}
        </Card>
      )}
      {making === 1 && mayWrite && (
        <NewDashboard onClose={() => void navigate({ search: { filter: filter || undefined, new: undefined } })} />
      )}
    </Page>
  )
}

const COLUMNS: readonly Column<Dashboard>[] = [
  {
    name: 'title',
    header: 'Title',
    cell: (one) => (
      <Link to={dashboardHref(one.name)} data-whole="">
        <strong>{one.title || one.name}</strong>
      </Link>
    ),
  },
  { name: 'name', header: 'Name', cell: (one) => <code>{one.name}</code> },
  { name: 'charts', header: 'Charts', figures: true, cell: (one) => <Num value={chartsOn(one)} /> },
  { name: 'changed', header: 'Changed', cell: (one) => <RelativeTime at={one.updated_at} /> },
  { name: 'by', header: 'Made by', cell: (one) => one.created_by },
]
