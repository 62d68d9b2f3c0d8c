import type { Dataset } from '../../../api/types'
import { shortType } from '../../../components/columnKind'
import type { Choices } from './choices'
import classes from './Train.module.css'

interface LeaveOutProps {
  columns: Dataset['columns']
  choices: Choices
  onChange: (choices: Choices) => void
}

/** Which columns to leave out, such as those that are known only after the target is. */
export function LeaveOut({ columns, choices, onChange }: LeaveOutProps) {
  const others = columns.filter(({ name }) => name !== choices.target && name !== choices.holdout)
  const toggle = (name: string, out: boolean) =>
    onChange({ ...choices, leftOut: out ? [...choices.leftOut, name] : choices.leftOut.filter((one) => one !== name) })
  return (
    <fieldset className={classes.columns}>
      <legend>Columns to leave out</legend>
      <p>
        Leave out what is known only after <code>{choices.target}</code> is: a model that sees it looks better than it will be.
      </p>
      <div className={classes.many}>
        {others.map(({ name, type }) => (
          <label key={name}>
            <input
              type="checkbox"
              checked={choices.leftOut.includes(name)}
              onChange={(event) => toggle(name, event.target.checked)}
            />
            <span>{name}</span> <small>{shortType(type)}</small>
          </label>
        ))}
      </div>
    </fieldset>
  )
}
