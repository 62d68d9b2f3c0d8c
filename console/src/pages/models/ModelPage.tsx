import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useMay } from '../../api/rights'
import type { Model } from '../../api/types'
import { Answer } from '../../components/Answer'
import { Badge } from '../../components/Badge'
import { counted } from '../../components/figures'
import { Page } from '../../components/Page'
import { RelativeTime } from '../../components/RelativeTime'
import { SkeletonBlock, SkeletonWords } from '../../components/Skeleton'
import { Tabs } from '../../components/Tabs'
import { WaitingPage } from '../../components/WaitingPage'
import { CardTab } from './card/CardTab'
import { ModelActions } from './ModelActions'
import { modelQuery, type ModelVersion, servingVersion, versionQuery } from './models'
import { modelRoute } from './place'
import { taskWord } from './taskWords'
import { TryTab } from './try/TryTab'
import { VersionsTab } from './versions/VersionsTab'
import classes from './Models.module.css'

const ABOVE = [{ label: 'Models', href: '/models' }]
const HEIGHT = 420

/** One model: its card, a form to try it, its versions. */
export function ModelPage() {
  const { name } = modelRoute.useParams()
  const query = useQuery(modelQuery(name))
  const mayWrite = useMay('editor')
  return (
    <Answer
      query={query}
      skeleton={
        <WaitingPage title={name} above={ABOVE} about={60} tabs={3} buttons={mayWrite ? [102, 32] : []}>
          <SkeletonBlock height={HEIGHT} />
        </WaitingPage>
      }
    >
      {(model) => <Known model={model} />}
    </Answer>
  )
}

function Known({ model }: { model: Model }) {
  const search = modelRoute.useSearch()
  const navigate = modelRoute.useNavigate()
  const number = search.version ?? servingVersion(model)
  const query = useQuery(versionQuery(model.name, number))
  const aliases = Object.entries(model.aliases).filter(([, version]) => version === number)
  const wait = <SkeletonBlock height={HEIGHT} />
  return (
    <Page
      title={model.name}
      above={ABOVE}
      badges={
        <>
          <Badge>version {number}</Badge>
          {aliases.map(([alias]) => (
            <Badge key={alias} tone="accent">
              {alias}
            </Badge>
          ))}
        </>
      }
      about={
        query.data ? (
          <About version={query.data} />
        ) : (
          <>
            Predicts <code>{model.target}</code>, <SkeletonWords count={8} />
          </>
        )
      }
      actions={<ModelActions model={model} version={query.data} />}
    >
      <Tabs
        label="Views of the model"
        selected={search.tab ?? 'card'}
        onSelect={(tab) => void navigate({ search: { ...search, tab } })}
        tabs={[
          {
            name: 'card',
            label: 'Card',
            content: (
              <Answer query={query} skeleton={wait}>
                {(version) => <CardTab version={version} />}
              </Answer>
            ),
          },
          {
            name: 'try',
            label: 'Try it',
            content: (
              <Answer query={query} skeleton={wait}>
                {(version) => <TryTab key={version.version} version={version} />}
              </Answer>
            ),
          },
          {
            name: 'versions',
            label: 'Versions',
            count: model.latest_version,
            content: <VersionsTab model={model} shown={number} />,
          },
        ]}
      />
    </Page>
  )
}

function About({ version }: { version: ModelVersion }) {
  const dataset = (version.card['source'] as { dataset?: string } | undefined)?.dataset
  return (
    <>
      Predicts <code>{version.target}</code>, {taskWord(version.task, version.classes)}, from{' '}
      {counted(version.features.length, 'column')}
      {dataset !== undefined && (
        <>
          {' '}
          of <Link className={classes.inline} to={`/datasets/${encodeURIComponent(dataset)}`}>
            {dataset}
          </Link>
        </>
      )}
      . Trained <RelativeTime at={version.created_at} /> by {version.created_by}.
    </>
  )
}
