import { Card } from '../../../components/Card'
import { counted, percent } from '../../../components/figures'
import { PercentFrame } from './PercentFrame'
import { SIZE, x, y } from './plane'
import type { Bin } from './readCard'
import classes from './Plots.module.css'

const [SMALLEST, LARGEST] = [3, 11]

/** Whether a predicted chance holds: what was said beside how often it came true. On the line they are the same. */
export function Calibration({ bins, yes }: { bins: readonly Bin[]; yes: string }) {
  const most = Math.max(...bins.map((bin) => bin.rows))
  return (
    <Card title="Do its chances hold" aside="on held-out rows">
      <svg className={classes.plot} viewBox={`0 0 ${SIZE.width} ${SIZE.height}`} role="img" aria-label="Predicted chance beside how often it came true">
        <PercentFrame across={`said: chance of ${yes}`} />
        <polyline className={classes.line} points={bins.map((bin) => `${x(bin.predicted)},${y(bin.observed)}`).join(' ')} />
        {bins.map((bin) => (
          <circle
            key={bin.from}
            className={classes.point}
            cx={x(bin.predicted)}
            cy={y(bin.observed)}
            r={SMALLEST + (LARGEST - SMALLEST) * Math.sqrt(bin.rows / most)}
          >
            <title>{told(bin)}</title>
          </circle>
        ))}
      </svg>
      <details className={classes.details}>
        <summary>As a list</summary>
        <ul>
          {bins.map((bin) => (
            <li key={bin.from}>{told(bin)}</li>
          ))}
        </ul>
      </details>
    </Card>
  )
}

function told({ predicted, observed, rows }: Bin): string {
  return `said ${percent(predicted)}, came true ${percent(observed)}, ${counted(rows, 'row')}`
}
