import { percent } from '../../components/figures'
import type { ModelVersion } from './models'

interface Metric {
  label: string
  /** Whether less of it is better. */
  less: boolean
  shown: (value: number) => string
}

const three = new Intl.NumberFormat(undefined, { minimumFractionDigits: 3, maximumFractionDigits: 3, signDisplay: 'negative' })
const four = new Intl.NumberFormat(undefined, { maximumSignificantDigits: 4 })
const KNOWN: Record<string, Metric> = {
  auc: { label: 'AUC', less: false, shown: three.format },
  accuracy: { label: 'Accuracy', less: false, shown: percent },
  f1: { label: 'F1', less: false, shown: three.format },
  log_loss: { label: 'Log loss', less: true, shown: three.format },
  mae: { label: 'Mean error', less: true, shown: four.format },
  rmse: { label: 'Root mean squared error', less: true, shown: four.format },
  r2: { label: 'R²', less: false, shown: three.format },
}

/** A metric beside the same of always giving the commonest class or the mean. */
export interface Measured {
  name: string
  label: string
  shown: string
  base: string | undefined
  better: boolean | undefined
}

/** All metrics of a version, the one that says most first. */
export function measured({ metrics, baseline }: Pick<ModelVersion, 'metrics' | 'baseline'>): Measured[] {
  return Object.entries(metrics)
    .map(([name, value]) => measure(name, value, baseline[name]))
    .sort((one, other) => rank(one.name) - rank(other.name))
}

/** The metric that stands for a version: AUC for two classes, accuracy for more, the mean error for numbers. */
export function mainMetric(version: Pick<ModelVersion, 'metrics' | 'baseline' | 'classes'>): Measured | undefined {
  const name = 'mae' in version.metrics ? 'mae' : version.classes.length === 2 && 'auc' in version.metrics ? 'auc' : 'accuracy'
  return measured(version).find((one) => one.name === name)
}

function measure(name: string, value: number, base: number | undefined): Measured {
  const metric = KNOWN[name] ?? { label: name, less: false, shown: four.format }
  const better = base === undefined || base === value ? undefined : value < base === metric.less
  return { name, label: metric.label, shown: metric.shown(value), base: base === undefined ? undefined : metric.shown(base), better }
}

function rank(name: string): number {
  const place = Object.keys(KNOWN).indexOf(name)
  return place < 0 ? Infinity : place
}
