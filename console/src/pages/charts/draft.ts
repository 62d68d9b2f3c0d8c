import { type ChartDraft, draftOf } from '../../api/charts'
import { MOST_ROWS } from '../../api/chartRows'
import type { Chart, Dataset } from '../../api/types'
import type { Spec } from '../../components/vega/chart'
import { summarised } from './summary'

/** A chart as it is being made. */
export interface Draft {
  title: string
  dataset: string | null
  sql: string | null
  spec: Spec
  scale: number
  theme: string
}

export function draftOfChart(chart: Chart): Draft {
  const { title, dataset, sql, spec, scale, theme } = chart
  return { title, dataset, sql, spec, scale, theme }
}

export function emptyDraft(dataset: string | undefined, sql: string | undefined): Draft {
  const spec = { mark: { type: 'bar', tooltip: true }, encoding: {} }
  return { title: '', dataset: sql ? null : (dataset ?? null), sql: sql ?? null, spec, scale: 1, theme: 'light' }
}

/** What is drawn and saved: over a dataset too large to draw, its summary by SQL. */
export function effective(draft: Draft, dataset: Dataset | undefined): Draft {
  if (!draft.dataset || !dataset || dataset.rows <= MOST_ROWS) return draft
  const summary = summarised(draft.dataset, draft.spec)
  return summary ? { ...draft, ...summary, dataset: null } : draft
}

export function toSave(draft: Draft): ChartDraft {
  return { ...draft, spec: { ...draft.spec } as ReturnType<typeof draftOf>['spec'] }
}
