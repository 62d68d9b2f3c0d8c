import { useQuery } from '@tanstack/react-query'
import { Problem } from '../../api/problem'
import { datasetQuery } from '../../api/datasets'
import { useMay, useRefusal } from '../../api/rights'
import type { Dataset } from '../../api/types'
import { Badge } from '../../components/Badge'
import { Button, LinkButton } from '../../components/Button'
import { counted } from '../../components/figures'
import { Page } from '../../components/Page'
import { ProblemNotice } from '../../components/ProblemNotice'
import { RelativeTime } from '../../components/RelativeTime'
import { SkeletonBlock } from '../../components/Skeleton'
import { Tabs } from '../../components/Tabs'
import { WaitingPage } from '../../components/WaitingPage'
import { useKeys } from '../../shell/keys'
import { Description } from './Description'
import { HistoryTab } from './HistoryTab'
import { inSql, sqlHref } from './hrefs'
import { usePut } from './link'
import { MoreMenu } from './MoreMenu'
import { OldVersion } from './OldVersion'
import { datasetRoute, type DatasetTab } from './place'
import { ProfileTab } from './ProfileTab'
import { RowsTab } from './RowsTab'
import { Uploads } from './upload/Uploads'

const ABOVE = [{ label: 'Datasets', href: '/datasets' }]

/** One dataset: its rows, what is in them, and how they came to be. */
export function DatasetPage() {
  const { name } = datasetRoute.useParams()
  const dataset = useQuery(datasetQuery(name))
  const mayWrite = useMay('editor')
  if (dataset.data) return <Known key={name} dataset={dataset.data} />
  if (!dataset.isError) {
    return (
      <WaitingPage title={name} above={ABOVE} about={40} tabs={3} buttons={mayWrite ? [91, 62, 60, 108, 32] : [91, 62]}>
        <SkeletonBlock height={480} />
      </WaitingPage>
    )
  }
  return (
    <Page title={name} above={ABOVE}>
      <ProblemNotice
        error={dataset.error}
        retry={() => void dataset.refetch()}
        action={isMissing(dataset.error) ? <LinkButton href="/datasets">All datasets</LinkButton> : undefined}
      />
    </Page>
  )
}

function Known({ dataset }: { dataset: Dataset }) {
  const { tab = 'rows', version, upload } = datasetRoute.useSearch()
  const navigate = datasetRoute.useNavigate()
  const mayWrite = useMay('editor')
  const refusal = useRefusal(upload !== undefined, 'add data')
  const select = `SELECT *\nFROM ${inSql(dataset.name)}\nLIMIT 100`
  const put = usePut()
  const named = new URLSearchParams({ dataset: dataset.name }).toString()
  const query = sqlHref(select, { run: '1' })
  useKeys([
    { keys: 'q', label: 'Query in SQL', run: () => void navigate({ to: query }) },
    ...(mayWrite ? [{ keys: 'a', label: 'Add data', run: () => put({ upload: 1 }) }] : []),
  ])
  return (
    <Page
      title={dataset.name}
      above={ABOVE}
      badges={
        <>
          <Badge tone="accent">version {dataset.version}</Badge>
          <Badge>{counted(dataset.rows, 'row')}</Badge>
        </>
      }
      about={
        <Description dataset={dataset} mayWrite={mayWrite}>
          Updated <RelativeTime at={dataset.updated_at} />, made by {dataset.created_by}.
        </Description>
      }
      actions={
        <>
          <LinkButton href={query} keys="q">
            Query
          </LinkButton>
          <LinkButton href={mayWrite ? `/charts?new=1&${named}` : sqlHref(select, { run: '1', chart: '1' })}>Chart</LinkButton>
          {mayWrite && <LinkButton href={`/models?train=true&${named}`}>Train</LinkButton>}
          {mayWrite && (
            <Button kind="primary" keys="a" onClick={() => put({ upload: 1 })}>
              Add data
            </Button>
          )}
          {mayWrite && <MoreMenu dataset={dataset} />}
        </>
      }
    >
      {refusal && <ProblemNotice error={refusal} />}
      {version !== undefined && version !== dataset.version && (
        <OldVersion dataset={dataset} version={version} mayWrite={mayWrite} />
      )}
      <Tabs<DatasetTab>
        label={`Views of ${dataset.name}`}
        selected={tab}
        onSelect={(next) =>
          void navigate({
            search: { tab: next === 'rows' ? undefined : next, version },
          })
        }
        tabs={[
          { name: 'rows', label: 'Rows', content: <RowsTab dataset={dataset} /> },
          { name: 'profile', label: 'Profile', content: <ProfileTab dataset={dataset} /> },
          { name: 'history', label: 'History', count: dataset.version + 1, content: <HistoryTab dataset={dataset} mayWrite={mayWrite} /> },
        ]}
      />
      {mayWrite && (
        <Uploads
          into={dataset.name}
          open={upload !== undefined}
          onOpen={() => put({ upload: 1 })}
          onClose={() => put({ upload: undefined })}
        />
      )}
    </Page>
  )
}

function isMissing(error: unknown): boolean {
  return error instanceof Problem && error.status === 404
}
