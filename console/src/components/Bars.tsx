import classes from './Bars.module.css'

const [WIDTH, HEIGHT] = [96, 22]

/** A small picture of how values are spread: one bar a count. */
export function Bars({ counts, label }: { counts: readonly number[]; label: string }) {
  const most = Math.max(...counts, 1)
  const step = Math.min(WIDTH / Math.max(counts.length, 1), 24)
  return (
    <svg className={classes.bars} viewBox={`0 0 ${WIDTH} ${HEIGHT}`} width={WIDTH} height={HEIGHT} role="img" aria-label={label}>
      {counts.map((count, index) => {
        const height = count === 0 ? 0 : Math.max((count / most) * HEIGHT, 1.5)
        return <rect key={index} x={index * step} y={HEIGHT - height} width={Math.max(step - 1, 0.5)} height={height} />
      })}
    </svg>
  )
}
