import { useQuery } from '@tanstack/react-query'
import { dashboardQuery } from '../../api/dashboards'
import { chartsQuery } from '../../api/charts'
import { useRefusal } from '../../api/rights'
import { LinkButton } from '../../components/Button'
import { Page } from '../../components/Page'
import { ProblemNotice } from '../../components/ProblemNotice'
import { SkeletonBlock } from '../../components/Skeleton'
import { ArrangeDashboard } from './ArrangeDashboard'
import { heightOf, placed } from './grid'
import { dashboardRoute } from './place'
import { SeeDashboard } from './SeeDashboard'

const ABOVE = [{ label: 'Dashboards', href: '/dashboards' }]
const WAITING = heightOf(placed({}))

/** One dashboard, seen or arranged. */
export function DashboardPage() {
  const { name } = dashboardRoute.useParams()
  const { edit } = dashboardRoute.useSearch()
  const refusal = useRefusal(edit === 1, 'arrange dashboards')
  const dashboard = useQuery(dashboardQuery(name))
  const charts = useQuery(chartsQuery)
  const problem = dashboard.error ?? charts.error
  if (dashboard.data && charts.data) {
    const about = { charts: charts.data, above: ABOVE }
    if (edit && !refusal) return <ArrangeDashboard key={name} tagged={dashboard.data} {...about} />
    return <SeeDashboard dashboard={dashboard.data.saved} refusal={refusal} {...about} />
  }
  return (
    <Page title={name} above={ABOVE}>
      {problem ? (
        <ProblemNotice error={problem} action={<LinkButton href="/dashboards">See all dashboards</LinkButton>} />
      ) : (
        <SkeletonBlock height={WAITING} />
      )}
    </Page>
  )
}
