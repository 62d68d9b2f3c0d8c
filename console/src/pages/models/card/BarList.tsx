import classes from '../Models.module.css'

interface Bar {
  label: string
  value: number
  shown: string
}

/** Values as bars from the left, each with its name and figure: a full bar is `whole`, else the greatest of them. */
export function BarList({ label, bars, whole }: { label: string; bars: readonly Bar[]; whole?: number }) {
  const most = whole ?? Math.max(...bars.map((bar) => bar.value), Number.MIN_VALUE)
  return (
    <ul className={classes.bars} aria-label={label}>
      {bars.map((bar) => (
        <li key={bar.label}>
          <span className={classes.label}>{bar.label}</span>
          <span className={classes.track} aria-hidden="true">
            <span className={classes.bar} style={{ display: 'block', width: `${Math.max(0, bar.value / most) * 100}%` }} />
          </span>
          <span className={classes.value}>{bar.shown}</span>
        </li>
      ))}
    </ul>
  )
}
