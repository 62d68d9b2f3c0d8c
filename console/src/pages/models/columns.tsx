import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import type { Model } from '../../api/types'
import { Badge } from '../../components/Badge'
import { RelativeTime } from '../../components/RelativeTime'
import { Skeleton } from '../../components/Skeleton'
import type { Column } from '../../components/Table'
import { mainMetric } from './metrics'
import { type ModelVersion, servingVersion, versionQuery } from './models'
import { taskWord } from './taskWords'
import classes from './Models.module.css'

/** The columns of the list; what is said of a model is said of the version that answers. */
export const columns: readonly Column<Model>[] = [
  {
    name: 'name',
    header: 'Model',
    cell: (model) => (
      <Link to={`/models/${encodeURIComponent(model.name)}`} data-whole>
        <strong className={classes.name}>{model.name}</strong>
      </Link>
    ),
  },
  {
    name: 'predicts',
    header: 'Predicts',
    cell: (model) => (
      <>
        <code>{model.target}</code>, <Of model={model} say={(version) => taskWord(version.task, version.classes)} />
      </>
    ),
  },
  { name: 'metric', header: 'On unseen rows', cell: (model) => <Of model={model} say={(version) => <Main version={version} />} /> },
  {
    name: 'aliases',
    header: 'Aliases',
    cell: (model) => (
      <span className={classes.badges}>
        {Object.entries(model.aliases).map(([alias, version]) => (
          <Badge key={alias} tone={alias === 'champion' ? 'accent' : 'neutral'}>
            {alias} · {version}
          </Badge>
        ))}
      </span>
    ),
  },
  { name: 'versions', header: 'Latest version', figures: true, cell: (model) => model.latest_version },
  { name: 'trained', header: 'Trained', cell: (model) => <RelativeTime at={model.updated_at} /> },
  { name: 'by', header: 'By', cell: (model) => <Of model={model} say={(version) => version.created_by} /> },
]

function Of({ model, say }: { model: Model; say: (version: ModelVersion) => ReactNode }) {
  const version = useQuery(versionQuery(model.name, servingVersion(model)))
  if (version.data) return say(version.data)
  return version.isError ? '–' : <Skeleton width={8} />
}

function Main({ version }: { version: ModelVersion }) {
  const main = mainMetric(version)
  if (!main) return '–'
  return (
    <>
      {main.label} {main.shown} {main.base !== undefined && <span className={classes.second}>base {main.base}</span>}
    </>
  )
}
