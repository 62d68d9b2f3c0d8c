import { Card } from '../../../components/Card'
import { counted, percent } from '../../../components/figures'
import type { components } from '../../../api/schema/ai'
import { SIZE, x, y } from './plane'
import { rangeOf } from './range'
import classes from './Plots.module.css'

type Residuals = components['schemas']['Residuals']

const DOT = 2.5
const figure = new Intl.NumberFormat(undefined, { maximumSignificantDigits: 3 })
const tickLabel = new Intl.NumberFormat(undefined, { notation: 'compact', maximumSignificantDigits: 4 })

/** By how much it errs: what came less what was predicted, beside what was predicted. On the line it was right. */
export function Errors({ residuals, target }: { residuals: Residuals; target: string }) {
  const { predicted, actual, rows } = residuals
  const errors = predicted.map((said, at) => (actual[at] ?? said) - said)
  const across = rangeOf(predicted)
  const up = rangeOf([...errors, 0])
  return (
    <Card title="By how much it errs" aside={shown(predicted.length, rows)}>
      <svg className={classes.plot} viewBox={`0 0 ${SIZE.width} ${SIZE.height}`} role="img" aria-label="What came less what was predicted, beside what was predicted">
        {up.ticks.map((tick) => (
          <g key={tick}>
            <line className={tick === 0 ? classes.ideal : classes.grid} x1={x(0)} x2={x(1)} y1={y(up.share(tick))} y2={y(up.share(tick))} />
            <text x={x(0) - 6} y={y(up.share(tick)) + 4} textAnchor="end">
              {tickLabel.format(tick)}
            </text>
          </g>
        ))}
        {across.ticks.map((tick) => (
          <text key={tick} x={x(across.share(tick))} y={y(0) + 16} textAnchor="middle">
            {tickLabel.format(tick)}
          </text>
        ))}
        {predicted.map((said, at) => (
          <circle key={at} className={classes.dot} cx={x(across.share(said))} cy={y(up.share(errors[at] ?? 0))} r={DOT}>
            <title>{`predicted ${figure.format(said)}, was ${figure.format(actual[at] ?? said)}`}</title>
          </circle>
        ))}
        <text x={x(0.5)} y={SIZE.height - 4} textAnchor="middle">
          predicted {target}
        </text>
      </svg>
      <details className={classes.details}>
        <summary>As a list</summary>
        <ul>
          <li>half of the errors are less than {figure.format(within(errors, 0.5))}</li>
          <li>nine of ten are less than {figure.format(within(errors, 0.9))}</li>
          <li>{percent(errors.filter((error) => error > 0).length / errors.length)} came out above what was predicted</li>
        </ul>
      </details>
    </Card>
  )
}

function within(errors: readonly number[], share: number): number {
  const sizes = errors.map(Math.abs).sort((one, other) => one - other)
  return sizes[Math.min(Math.floor(share * sizes.length), sizes.length - 1)] ?? 0
}

function shown(some: number, rows: number): string {
  return some < rows ? `${some} of ${counted(rows, 'held-out row')}` : `on ${counted(rows, 'held-out row')}`
}
