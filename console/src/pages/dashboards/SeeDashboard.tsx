import { useQueryClient } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { Ellipsis, RefreshCw } from 'lucide-react'
import { chartHref } from '../../api/charts'
import { chartsOn, dashboardHref, deleteDashboard, saveDashboard } from '../../api/dashboards'
import { asProblem, type Problem } from '../../api/problem'
import { useMay } from '../../api/rights'
import type { Chart, Dashboard } from '../../api/types'
import { Button, LinkButton } from '../../components/Button'
import { Card } from '../../components/Card'
import { CopyButton } from '../../components/CopyButton'
import { EmptyState } from '../../components/EmptyState'
import { counted } from '../../components/figures'
import { Menu, MenuItem } from '../../components/Menu'
import { Page } from '../../components/Page'
import { ProblemNotice } from '../../components/ProblemNotice'
import { RelativeTime } from '../../components/RelativeTime'
import { toast } from '../../components/Toasts'
import { useKeys } from '../../shell/keys'
import type { Step } from '../../shell/trail'
import { placed } from './grid'
import { NarrowBy } from './NarrowBy'
import { whereOf } from './narrowing'
import { dashboardRoute } from './place'
import { Grid, TextTile, Tile } from './Tile'
import { TileBody } from './TileBody'

interface SeeDashboardProps {
  dashboard: Dashboard
  charts: readonly Chart[]
  above: readonly Step[]
  /** Why it is seen and not arranged, as the link asks. */
  refusal: Problem | undefined
}

/** The dashboard over what its data are now. */
export function SeeDashboard({ dashboard, charts, above, refusal }: SeeDashboardProps) {
  const { by, is } = dashboardRoute.useSearch()
  const navigate = useNavigate()
  const cache = useQueryClient()
  const mayWrite = useMay('editor')
  const editing = `${dashboardHref(dashboard.name)}?edit=1`
  const refresh = () => void cache.invalidateQueries({ queryKey: ['chart-rows'] })
  const shown = charts.filter((chart) => dashboard.tiles.some((tile) => tile.chart === chart.name))
  useKeys([
    { keys: 'r', label: 'Read the data again', run: refresh },
    ...(mayWrite ? [{ keys: 'e', label: 'Arrange', run: () => void navigate({ to: editing }) }] : []),
  ])
  return (
    <Page
      title={dashboard.title || dashboard.name}
      about={
        <>
          {counted(chartsOn(dashboard), 'chart')} · changed <RelativeTime at={dashboard.updated_at} />
        </>
      }
      above={above}
      actions={
        <>
          <Button icon={RefreshCw} keys="r" onClick={refresh}>
            Refresh
          </Button>
          <CopyButton text={window.location.href}>Copy link</CopyButton>
          <More dashboard={dashboard} mayWrite={mayWrite} />
          {mayWrite && (
            <LinkButton kind="primary" href={editing} keys="e">
              Arrange
            </LinkButton>
          )}
        </>
      }
    >
      {refusal && <ProblemNotice error={refusal} />}
      <NarrowBy charts={shown} />
      {dashboard.tiles.length === 0 && (
        <Card>
          <EmptyState
            title="Nothing on this dashboard yet"
            actions={
              mayWrite && (
                <>
                  <LinkButton href={editing}>Add charts</LinkButton>
                  <LinkButton href="/charts?new=1">Make a chart</LinkButton>
                </>
              )
            }
          >
            Charts that are saved can be placed on it.
          </EmptyState>
        </Card>
      )}
      <Grid>
        {dashboard.tiles.map(placed).map((tile) => {
          const key = `${tile.column} ${tile.row}`
          if (tile.text !== null) return <TextTile key={key} tile={tile} text={tile.text} />
          const chart = charts.find((one) => one.name === tile.chart)
          const title = chart ? <Link to={chartHref(chart.name)}>{chart.title || chart.name}</Link> : tile.chart
          return (
            <Tile key={key} tile={tile} title={title} missing={!chart}>
              {(height) => chart && <TileBody chart={chart} height={height} where={whereOf(by, is)} />}
            </Tile>
          )
        })}
      </Grid>
    </Page>
  )
}

function More({ dashboard, mayWrite }: { dashboard: Dashboard; mayWrite: boolean }) {
  const navigate = useNavigate()
  const called = dashboard.title || dashboard.name
  const { by, is } = dashboardRoute.useSearch()
  const narrowed = new URLSearchParams(whereOf(by, is).map(([column, condition]) => ['where', `${column}=${condition}`]))
  const page = `/api/v1/viz/dashboards/${encodeURIComponent(dashboard.name)}.html?${narrowed.toString()}`
  async function remove() {
    try {
      await deleteDashboard(dashboard.name)
    } catch (error) {
      toast(`${called} is still there: ${asProblem(error).detail}`, { bad: true })
      return
    }
    await navigate({ to: '/dashboards' })
    toast(`${called} was deleted; its charts stay`, { action: { label: 'Undo', run: () => void bringBack() } })
  }
  async function bringBack() {
    try {
      await saveDashboard(dashboard.name, { title: dashboard.title, tiles: dashboard.tiles }, null)
      await navigate({ to: dashboardHref(dashboard.name) })
    } catch (error) {
      toast(`${called} can’t be brought back: ${asProblem(error).detail}`, { bad: true })
    }
  }
  return (
    <Menu trigger={<Button icon={Ellipsis} aria-label="More" />}>
      <MenuItem onSelect={() => window.open(page, '_blank', 'noopener')}>Open as one page, to print or keep</MenuItem>
      {mayWrite && (
        <MenuItem bad onSelect={() => void remove()}>
          Delete
        </MenuItem>
      )}
    </Menu>
  )
}
