import { useQuery } from '@tanstack/react-query'
import { dashboardQuery } from '../../api/dashboards'
import { chartsQuery } from '../../api/charts'
import { useMay, useRefusal } from '../../api/rights'
import { LinkButton } from '../../components/Button'
import { Page } from '../../components/Page'
import { ProblemNotice } from '../../components/ProblemNotice'
import { Skeleton, SkeletonBlock } from '../../components/Skeleton'
import { WaitingPage } from '../../components/WaitingPage'
import { ArrangeDashboard } from './ArrangeDashboard'
import classes from './Dashboards.module.css'
import { placed } from './grid'
import { dashboardRoute } from './place'
import { SeeDashboard } from './SeeDashboard'
import { Grid, Tile } from './Tile'

const ABOVE = [{ label: 'Dashboards', href: '/dashboards' }]
const TILES = [placed({ column: 0 }), placed({ column: 6 })]

/** One dashboard, seen or arranged. */
export function DashboardPage() {
  const { name } = dashboardRoute.useParams()
  const { edit } = dashboardRoute.useSearch()
  const refusal = useRefusal(edit === 1, 'arrange dashboards')
  const mayWrite = useMay('editor')
  const dashboard = useQuery(dashboardQuery(name))
  const charts = useQuery(chartsQuery)
  const problem = dashboard.error ?? charts.error
  if (dashboard.data && charts.data) {
    const about = { charts: charts.data, above: ABOVE }
    if (edit && !refusal) return <ArrangeDashboard key={name} tagged={dashboard.data} {...about} />
    return <SeeDashboard dashboard={dashboard.data.saved} refusal={refusal} {...about} />
  }
  if (!problem) return <Waiting name={name} mayWrite={mayWrite} />
  return (
    <Page title={name} above={ABOVE}>
      <ProblemNotice error={problem} action={<LinkButton href="/dashboards">See all dashboards</LinkButton>} />
    </Page>
  )
}

function Waiting({ name, mayWrite }: { name: string; mayWrite: boolean }) {
  return (
    <WaitingPage title={name} above={ABOVE} about={26} buttons={mayWrite ? [104, 102, 32, 107] : [104, 102, 32]}>
      <div className={classes.filtering}>
        <Skeleton width={20} />
      </div>
      <Grid>
        {TILES.map((tile) => (
          <Tile key={tile.column} tile={tile} title={<Skeleton width={16} />}>
            {(height) => <SkeletonBlock height={height} />}
          </Tile>
        ))}
      </Grid>
    </WaitingPage>
  )
}
