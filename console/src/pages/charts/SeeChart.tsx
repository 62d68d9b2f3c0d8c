import { useQuery } from '@tanstack/react-query'
import { Link, useNavigate } from '@tanstack/react-router'
import { Ellipsis } from 'lucide-react'
import { useState } from 'react'
import { chartHref, deleteChart, draftOf, saveChart } from '../../api/charts'
import { dashboardHref, dashboardsQuery } from '../../api/dashboards'
import { asProblem, type Problem } from '../../api/problem'
import { useMay } from '../../api/rights'
import type { Chart } from '../../api/types'
import { Button, LinkButton } from '../../components/Button'
import { Card } from '../../components/Card'
import { CopyButton } from '../../components/CopyButton'
import { download } from '../../components/download'
import { Menu, MenuItem } from '../../components/Menu'
import { Page } from '../../components/Page'
import { ProblemNotice } from '../../components/ProblemNotice'
import { RelativeTime } from '../../components/RelativeTime'
import { toast } from '../../components/Toasts'
import { useKeys } from '../../shell/keys'
import type { Step } from '../../shell/trail'
import { AddToDashboard } from './AddToDashboard'
import classes from './Charts.module.css'
import { Drawing } from './Drawing'

const FORMATS = ['png', 'svg', 'html', 'json'] as const
const HEIGHT = 420

interface SeeChartProps {
  chart: Chart
  above: readonly Step[]
  /** Why it is seen and not changed, as the link asks. */
  refusal: Problem | undefined
}

/** The chart large, where it comes from and where it is used. */
export function SeeChart({ chart, above, refusal }: SeeChartProps) {
  const navigate = useNavigate()
  const mayWrite = useMay('editor')
  const [adding, setAdding] = useState(false)
  const editing = `${chartHref(chart.name)}?edit=1`
  const description = chart.spec['description']
  useKeys(mayWrite ? [{ keys: 'e', label: 'Edit', run: () => void navigate({ to: editing }) }] : [])
  return (
    <Page
      title={chart.title || chart.name}
      about={typeof description === 'string' ? description : undefined}
      above={above}
      actions={
        <>
          <Menu trigger={<Button>Export</Button>}>
            {FORMATS.map((format) => (
              <MenuItem key={format} onSelect={() => download(imageOf(chart, format), `${chart.name}.${format}`)}>
                {format.toUpperCase()}
              </MenuItem>
            ))}
          </Menu>
          {mayWrite && <Button onClick={() => setAdding(true)}>Add to a dashboard</Button>}
          {mayWrite && <More chart={chart} />}
          {mayWrite && (
            <LinkButton kind="primary" href={editing} keys="e">
              Edit
            </LinkButton>
          )}
        </>
      }
    >
      {refusal && <ProblemNotice error={refusal} />}
      {adding && <AddToDashboard chart={chart} onClose={() => setAdding(false)} />}
      <Card>
        <Drawing source={chart} spec={chart.spec} label={chart.title || chart.name} height={HEIGHT} />
      </Card>
      <Card title="About">
        <Facts chart={chart} />
      </Card>
      {chart.sql !== null && (
        <Card title="SQL" flush aside={<CopyButton text={chart.sql}>Copy</CopyButton>}>
          <pre className={classes.statement}>{chart.sql}</pre>
        </Card>
      )}
    </Page>
  )
}

function Facts({ chart }: { chart: Chart }) {
  const dashboards = useQuery(dashboardsQuery).data
  const using = dashboards?.filter((dashboard) => dashboard.tiles.some((tile) => tile.chart === chart.name))
  return (
    <dl className={classes.facts}>
      <dt>Name</dt>
      <dd>
        <code>{chart.name}</code>
      </dd>
      <dt>Rows from</dt>
      <dd>
        {chart.dataset ? (
          <Link to={`/datasets/${encodeURIComponent(chart.dataset)}`}>{chart.dataset}</Link>
        ) : chart.sql ? (
          'a query'
        ) : (
          'the chart itself'
        )}
      </dd>
      <dt>Used on</dt>
      <dd>
        {using?.length === 0 && 'no dashboard'}
        {using?.map((dashboard, index) => (
          <span key={dashboard.name}>
            {index > 0 && ', '}
            <Link to={dashboardHref(dashboard.name)}>{dashboard.title || dashboard.name}</Link>
          </span>
        ))}
      </dd>
      <dt>Changed</dt>
      <dd>
        <RelativeTime at={chart.updated_at} />
      </dd>
      <dt>Made</dt>
      <dd>
        <RelativeTime at={chart.created_at} /> by {chart.created_by}
      </dd>
    </dl>
  )
}

function More({ chart }: { chart: Chart }) {
  const navigate = useNavigate()
  async function remove() {
    try {
      await deleteChart(chart.name)
    } catch (error) {
      toast(`${chart.name} is still there: ${asProblem(error).detail}`, { bad: true })
      return
    }
    await navigate({ to: '/charts' })
    toast(`${chart.title || chart.name} was deleted`, { action: { label: 'Undo', run: () => void bringBack() } })
  }
  async function bringBack() {
    try {
      await saveChart(chart.name, draftOf(chart), null)
      await navigate({ to: chartHref(chart.name) })
    } catch (error) {
      toast(`${chart.name} can’t be brought back: ${asProblem(error).detail}`, { bad: true })
    }
  }
  return (
    <Menu trigger={<Button icon={Ellipsis} aria-label="More" />}>
      <MenuItem bad onSelect={() => void remove()}>
        Delete
      </MenuItem>
    </Menu>
  )
}

function imageOf(chart: Chart, format: string): string {
  return `/api/v1/viz/charts/${encodeURIComponent(chart.name)}.${format}`
}
