import { Card } from '../../../components/Card'
import { counted, percent } from '../../../components/figures'
import type { Bin } from './readCard'
import classes from './Plots.module.css'

const SIZE = { width: 400, height: 280, left: 44, right: 22, top: 10, bottom: 34 }
const TICKS = [0, 0.25, 0.5, 0.75, 1]
const [SMALLEST, LARGEST] = [3, 11]

/** Whether a predicted chance holds: what was said beside how often it came true. On the line they are the same. */
export function Calibration({ bins, yes }: { bins: readonly Bin[]; yes: string }) {
  const most = Math.max(...bins.map((bin) => bin.rows))
  return (
    <Card title="Do its chances hold" aside="on held-out rows">
      <svg className={classes.plot} viewBox={`0 0 ${SIZE.width} ${SIZE.height}`} role="img" aria-label="Predicted chance beside how often it came true">
        {TICKS.map((tick) => (
          <g key={tick}>
            <line className={classes.grid} x1={x(0)} x2={x(1)} y1={y(tick)} y2={y(tick)} />
            <text x={x(0) - 6} y={y(tick) + 4} textAnchor="end">
              {percent(tick)}
            </text>
            <text x={x(tick)} y={y(0) + 16} textAnchor="middle">
              {percent(tick)}
            </text>
          </g>
        ))}
        <line className={classes.ideal} x1={x(0)} x2={x(1)} y1={y(0)} y2={y(1)} />
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
        <text x={x(0.5)} y={SIZE.height - 4} textAnchor="middle">
          said: chance of {yes}
        </text>
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

function x(share: number): number {
  return SIZE.left + share * (SIZE.width - SIZE.left - SIZE.right)
}

function y(share: number): number {
  return SIZE.height - SIZE.bottom - share * (SIZE.height - SIZE.top - SIZE.bottom)
}
