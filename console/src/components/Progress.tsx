import type { Tone } from './Badge'
import { percent } from './figures'
import classes from './Progress.module.css'

/** How far something is; `value` from 0 to 1. */
export function Progress({ value, label, tone = 'accent' }: { value: number; label: string; tone?: Tone }) {
  return (
    <span
      className={classes.bar}
      role="progressbar"
      aria-label={label}
      aria-valuenow={Math.round(value * 100)}
      aria-valuemin={0}
      aria-valuemax={100}
      title={percent(value)}
    >
      <span className={classes.done} style={{ width: `${value * 100}%`, background: `var(--${tone})` }} />
    </span>
  )
}
