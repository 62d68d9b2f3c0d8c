import { percent } from '../../../components/figures'
import { SIZE, x, y } from './plane'
import classes from './Plots.module.css'

const TICKS = [0, 0.25, 0.5, 0.75, 1]

/** The axes of a plot whose sides are both shares of a whole, and the line where they are the same. */
export function PercentFrame({ across }: { across: string }) {
  return (
    <>
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
      <text x={x(0.5)} y={SIZE.height - 4} textAnchor="middle">
        {across}
      </text>
    </>
  )
}
