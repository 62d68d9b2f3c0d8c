import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { Card } from '../../../components/Card'
import { counted } from '../../../components/figures'
import type { ModelVersion } from '../models'
import type { Card as Content } from './readCard'
import classes from '../Models.module.css'

/** What it was trained on, how, and what serves it. */
export function TrainingFacts({ version, card }: { version: ModelVersion; card: Content }) {
  const dropped = Object.entries(card.columns?.dropped ?? {})
  return (
    <Card title="How it was trained">
      <div className={classes.card}>
        <dl className={classes.facts}>
          {factsOf(version, card).map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
        {dropped.length > 0 && (
          <details>
            <summary>{counted(dropped.length, 'column')} left out</summary>
            <dl className={classes.facts}>
              {dropped.map(([name, reason]) => (
                <div key={name}>
                  <dt>{name}</dt>
                  <dd>{reason}</dd>
                </div>
              ))}
            </dl>
          </details>
        )}
        {card.source?.sql && (
          <details>
            <summary>The query that it learnt from</summary>
            <pre className={classes.code} tabIndex={0}>
              {card.source.sql}
            </pre>
          </details>
        )}
      </div>
    </Card>
  )
}

function factsOf(version: ModelVersion, card: Content): [string, ReactNode][] {
  const { source, rows, conversion } = card
  return [
    ...fact(source?.dataset && 'Dataset', source?.dataset && <Source name={source.dataset} version={source.version} />),
    ...fact(rows && 'Trained on', rows && counted(rows.trained_on, 'row')),
    ...fact(rows && 'Held out', rows && `${counted(rows.held_out, 'row')}, ${card.holdout ?? ''}`),
    ...fact(source?.cut_to_rows && 'Cut to', source?.cut_to_rows && counted(source.cut_to_rows, 'row')),
    ['Inputs', counted(version.features.length, 'column')],
    ...fact(version.classes.length > 0 && 'Answers', version.classes.map(String).join(', ')),
    ['Algorithm', version.algorithm],
    ['Served by', version.engine],
    ...fact(conversion && 'Conversion checked on', conversion && counted(conversion.rows_checked, 'row')),
    ...fact(version.job_id && 'Job', <Link to={`/jobs/${version.job_id}`}>its log</Link>),
    ...fact(card.seed !== undefined && 'Seed', card.seed),
  ]
}

function fact(name: string | number | false | null | undefined | object, value: ReactNode): [string, ReactNode][] {
  return typeof name === 'string' && name ? [[name, value]] : []
}

function Source({ name, version }: { name: string; version: number | undefined }) {
  return (
    <>
      <Link to={`/datasets/${encodeURIComponent(name)}`}>{name}</Link>
      {version !== undefined && ` version ${version}`}
    </>
  )
}
