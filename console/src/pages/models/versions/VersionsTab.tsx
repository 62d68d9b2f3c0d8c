import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { useMay } from '../../../api/rights'
import type { Model } from '../../../api/types'
import { Card } from '../../../components/Card'
import { ProblemNotice } from '../../../components/ProblemNotice'
import { RelativeTime } from '../../../components/RelativeTime'
import { type Column, Table } from '../../../components/Table'
import { mainMetric } from '../metrics'
import { type ModelVersion, versionsQuery } from '../models'
import { AliasBadges } from './AliasBadges'
import { AliasMenu } from './AliasMenu'
import { OtherAlias } from './OtherAlias'
import classes from '../Models.module.css'

/** All versions, and which of them answers under which alias. */
export function VersionsTab({ model, shown }: { model: Model; shown: number }) {
  const versions = useQuery(versionsQuery(model.name))
  const mayChange = useMay('editor')
  const [naming, setNaming] = useState<number>()
  if (versions.isError && !versions.data)
    return <ProblemNotice error={versions.error} retry={() => void versions.refetch()} />
  return (
    <div className={classes.stack}>
      <p className={classes.note}>
        A prediction that names no version is answered by <code>champion</code>, or by the latest version where there is none.
      </p>
      <Card flush>
        <Table
          label="Versions"
          columns={columnsFor(model, mayChange, setNaming)}
          rows={versions.data}
          rowKey={(version) => String(version.version)}
          selected={String(shown)}
        />
      </Card>
      {naming !== undefined && <OtherAlias key={naming} model={model} version={naming} onClose={() => setNaming(undefined)} />}
    </div>
  )
}

function columnsFor(model: Model, mayChange: boolean, onName: (version: number) => void): Column<ModelVersion>[] {
  return [
    {
      name: 'version',
      header: 'Version',
      cell: ({ version }) => (
        <Link to={`/models/${encodeURIComponent(model.name)}?version=${version}`}>
          <strong className={classes.name}>version {version}</strong>
        </Link>
      ),
    },
    { name: 'metric', header: 'On unseen rows', cell: (version) => <Main version={version} /> },
    { name: 'algorithm', header: 'Algorithm', cell: (version) => version.algorithm },
    { name: 'trained', header: 'Trained', cell: (version) => <RelativeTime at={version.created_at} /> },
    { name: 'by', header: 'By', cell: (version) => version.created_by },
    {
      name: 'aliases',
      header: 'Aliases',
      cell: ({ version }) => <AliasBadges model={model} version={version} mayChange={mayChange} />,
    },
    ...(mayChange
      ? [
          {
            name: 'change',
            header: <span className="visually-hidden">Change</span>,
            figures: true,
            cell: ({ version }: ModelVersion) => (
              <AliasMenu model={model} version={version} onOther={() => onName(version)} />
            ),
          },
        ]
      : []),
  ]
}

function Main({ version }: { version: ModelVersion }) {
  const main = mainMetric(version)
  if (!main) return <>–</>
  return (
    <>
      {main.label} {main.shown} {main.base !== undefined && <span className={classes.second}>base {main.base}</span>}
    </>
  )
}
