import { duration, percent } from '../../../components/figures'
import { BarList } from '../card/BarList'
import type { ModelVersion } from '../models'
import type { Timed } from './predict'
import classes from './Try.module.css'

const figure = new Intl.NumberFormat(undefined, { maximumSignificantDigits: 5 })

/** What the model said, how sure it is, and how long it took. */
export function Answered({ timed: { prediction, tookMs }, version }: { timed: Timed; version: ModelVersion }) {
  const [said] = prediction.predictions
  const chances = prediction.probabilities?.[0] ?? []
  const names = (prediction.classes ?? version.classes).map(String)
  const bars = chances
    .map((value, index) => ({ label: names[index] ?? '', value, shown: percent(value) }))
    .sort((one, other) => other.value - one.value)
  return (
    <div className={classes.stack}>
      <p className={classes.said}>{typeof said === 'number' ? figure.format(said) : String(said)}</p>
      {bars.length > 0 && <BarList label="Chances" bars={bars} whole={1} />}
      <p className={classes.note}>
        version {prediction.model_version} · {duration(tookMs)} from here and back, of which{' '}
        {duration(Math.round(prediction.batch_wait_ms * 10) / 10)} waiting for a batch{prediction.cached && ' · cached'}
        {version.metrics['mae'] !== undefined && ` · off by ${figure.format(version.metrics['mae'])} on average`}
      </p>
    </div>
  )
}
