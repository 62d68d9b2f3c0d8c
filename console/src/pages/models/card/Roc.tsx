import { Card } from '../../../components/Card'
import { percent } from '../../../components/figures'
import type { components } from '../../../api/schema/ai'
import { PercentFrame } from './PercentFrame'
import { SIZE, x, y } from './plane'
import classes from './Plots.module.css'

type Curve = components['schemas']['RocCurve']

const TOLD = [0.01, 0.05, 0.1, 0.2, 0.5]
const area = new Intl.NumberFormat(undefined, { minimumFractionDigits: 3, maximumFractionDigits: 3 })

/** How well it tells two classes apart: how many are found for how many false alarms. On the line it is no better than chance. */
export function Roc({ curve, yes }: { curve: Curve; yes: string }) {
  const line = curve.false_positive_rate.map((false_, at) => `${x(false_)},${y(curve.true_positive_rate[at] ?? 0)}`).join(' ')
  return (
    <Card title="How well it tells them apart" aside={`AUC ${area.format(curve.auc)}, on held-out rows`}>
      <svg className={classes.plot} viewBox={`0 0 ${SIZE.width} ${SIZE.height}`} role="img" aria-label="ROC curve: found beside false alarms">
        <polygon className={classes.area} points={`${x(0)},${y(0)} ${line} ${x(1)},${y(0)}`} />
        <PercentFrame across={`false alarms: said ${yes}, and was not`} />
        <polyline className={classes.line} points={line} />
        <text x={x(1) - 6} y={y(0) - 8} textAnchor="end">
          up: found of what was {yes}
        </text>
      </svg>
      <details className={classes.details}>
        <summary>As a list</summary>
        <ul>
          {TOLD.map((rate) => (
            <li key={rate}>
              for {percent(rate)} false alarms, {percent(found(curve, rate))} found
            </li>
          ))}
        </ul>
      </details>
    </Card>
  )
}

/** How many are found when at most that share of the others is a false alarm. */
function found({ false_positive_rate, true_positive_rate }: Curve, rate: number): number {
  const after = false_positive_rate.findIndex((one) => one > rate)
  return true_positive_rate[(after < 0 ? false_positive_rate.length : after) - 1] ?? 0
}
