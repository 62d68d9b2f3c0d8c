import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Card } from '../../components/Card'
import { counted } from '../../components/figures'
import { EmptyState } from '../../components/EmptyState'
import { FilterBox } from '../../components/FilterBox'
import { LinkButton } from '../../components/Button'
import { Page, Toolbar } from '../../components/Page'
import { ProblemNotice } from '../../components/ProblemNotice'
import { RelativeTime } from '../../components/RelativeTime'
import { Skeleton, SkeletonBlock } from '../../components/Skeleton'
import { useKeys } from '../../shell/keys'
import { chartHref, chartsQuery } from '../../api/charts'
import type { Problem } from '../../api/problem'
import { useMay, useRefusal } from '../../api/rights'
import type { Chart } from '../../api/types'
import { NewChart } from './NewChart'
import { chartsRoute } from './place'
import { PREVIEW_HEIGHT, Preview } from './Preview'
import classes from './Charts.module.css'

/** All charts, each with its picture; or the maker of a new one. */
export function ChartsPage() {
  const { new: making } = chartsRoute.useSearch()
  const refusal = useRefusal(making === 1, 'make charts')
  return making && !refusal ? <NewChart /> : <Gallery refusal={refusal} />
}

function Gallery({ refusal }: { refusal: Problem | undefined }) {
  const { filter = '' } = chartsRoute.useSearch()
  const navigate = chartsRoute.useNavigate()
  const charts = useQuery(chartsQuery)
  const mayWrite = useMay('editor')
  const shown = charts.data?.filter((chart) => `${chart.name} ${chart.title}`.toLowerCase().includes(filter.toLowerCase()))
  const clean = { new: undefined, dataset: undefined, sql: undefined }
  useKeys(
    mayWrite
      ? [{ keys: 'n', label: 'Make a chart', run: () => void navigate({ search: { ...clean, filter: undefined, new: 1 } }) }]
      : [],
  )
  return (
    <Page
      title="Charts"
      about={charts.data ? counted(charts.data.length, 'chart') : <Skeleton width={12} />}
      actions={
        mayWrite && (
          <LinkButton kind="primary" href="/charts?new=1" keys="n">
            Make a chart
          </LinkButton>
        )
      }
    >
      {refusal && <ProblemNotice error={refusal} />}
      <Toolbar>
        <FilterBox
          label="Filter charts"
          value={filter}
          onChange={(next) => void navigate({ search: { ...clean, filter: next || undefined }, replace: true })}
        />
      </Toolbar>
      {charts.isError && !charts.data && <ProblemNotice error={charts.error} retry={() => void charts.refetch()} />}
      {charts.data?.length === 0 ? (
        <Card>
          <EmptyState
            title="No charts yet"
            actions={
              mayWrite && (
                <>
                  <LinkButton href="/charts?new=1">Make a chart</LinkButton>
                  <LinkButton href="/datasets">Choose a dataset</LinkButton>
                </>
              )
            }
          >
            A chart shows a dataset or a query as it is now. It can stand on dashboards, and be fetched as a picture. The
            command <code>datalab demo</code> makes two with sample data.
          </EmptyState>
        </Card>
      ) : (
        <ul className={classes.gallery}>
          {shown ? shown.map((chart) => <Shown key={chart.name} chart={chart} />) : <Waiting />}
        </ul>
      )}
      {shown?.length === 0 && filter && <p className={classes.soft}>No chart’s name holds “{filter}”.</p>}
    </Page>
  )
}

function Shown({ chart }: { chart: Chart }) {
  return (
    <li className={classes.tile}>
      <Preview chart={chart} />
      <div className={classes.caption}>
        <h2>
          <Link to={chartHref(chart.name)} data-whole="">
            {chart.title || chart.name}
          </Link>
        </h2>
        <p className={classes.soft}>
          {chart.dataset ?? (chart.sql ? 'SQL' : 'own rows')} · changed <RelativeTime at={chart.updated_at} />
        </p>
      </div>
    </li>
  )
}

function Waiting() {
  return [1, 2, 3].map((number) => (
    <li key={number} className={classes.tile}>
      <SkeletonBlock height={PREVIEW_HEIGHT} />
      <div className={classes.caption}>
        <Skeleton width={18} />
        <br />
        <Skeleton width={24} />
      </div>
    </li>
  ))
}
