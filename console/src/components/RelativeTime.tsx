import { useNow } from './now'

const STEPS: readonly [unit: Intl.RelativeTimeFormatUnit, seconds: number][] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
]
const FRESH_S = 10
// The console speaks English; only figures and the exact time follow the reader's locale.
const words = new Intl.RelativeTimeFormat('en-GB', { numeric: 'auto', style: 'short' })
const exact = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'long' })

/** How long ago or until, with the exact time in the reader's zone on hover. `at` as RFC 3339. */
export function RelativeTime({ at }: { at: string }) {
  const now = useNow()
  const time = new Date(at)
  return (
    <time dateTime={at} title={exact.format(time)}>
      {relative((time.getTime() - now) / 1000)}
    </time>
  )
}

function relative(seconds: number): string {
  const [unit, size] = STEPS.find(([, size]) => Math.abs(seconds) >= size) ?? ['second', 1]
  if (unit === 'second' && Math.abs(seconds) < FRESH_S) return 'now'
  return words.format(Math.round(seconds / size), unit)
}
