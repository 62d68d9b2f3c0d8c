import { useQuery } from '@tanstack/react-query'
import type { Dataset } from '../../../api/types'
import { kindOf, shortType } from '../../../components/columnKind'
import { Field, Select } from '../../../components/Field'
import { counted } from '../../../components/figures'
import { modelsQuery } from '../models'
import { type Choices, goalOf, startWith, withTarget } from './choices'
import { GOALS, suggestedGoal } from './goal'
import { LeaveOut } from './LeaveOut'
import classes from './Train.module.css'

interface TrainFieldsProps {
  datasets: readonly Dataset[]
  choices: Choices
  onChange: (choices: Choices) => void
}

/** What to learn, from what, under which name. */
export function TrainFields({ datasets, choices, onChange }: TrainFieldsProps) {
  const columns = datasets.find((one) => one.name === choices.dataset)?.columns ?? []
  const flags = columns.filter((column) => kindOf(column.type) === 'boolean' && column.name !== choices.target)
  const existing = useQuery(modelsQuery).data?.find((model) => model.name === choices.name)
  return (
    <>
      <div className={classes.pair}>
        <Select
          label="Learn from dataset"
          value={choices.dataset}
          required
          autoFocus
          onChange={(event) => onChange(startWith(event.target.value))}
        >
          <option value="">Choose a dataset</option>
          {datasets.map((one) => (
            <option key={one.name} value={one.name}>
              {one.name} ({counted(one.rows, 'row')})
            </option>
          ))}
        </Select>
        <Select
          label="Column to predict"
          value={choices.target}
          required
          disabled={columns.length === 0}
          onChange={(event) => onChange(withTarget(choices, event.target.value))}
        >
          <option value="">Choose a column</option>
          {columns.map(({ name, type }) => (
            <option key={name} value={name} disabled={suggestedGoal(type) === undefined}>
              {name} ({shortType(type)})
            </option>
          ))}
        </Select>
      </div>
      {choices.target !== '' && (
        <>
          <fieldset className={classes.choices}>
            <legend>What to predict</legend>
            {GOALS.map((goal) => (
              <label key={goal}>
                <input
                  type="radio"
                  name="goal"
                  checked={goalOf(choices, columns) === goal}
                  onChange={() => onChange({ ...choices, goal })}
                />
                {goal}
                {suggestedGoal(typeOf(columns, choices.target)) === goal && <small>suggested</small>}
              </label>
            ))}
          </fieldset>
          <LeaveOut columns={columns} choices={choices} onChange={onChange} />
          {flags.length > 0 && (
            <Select
              label="Judge on"
              value={choices.holdout}
              hint="Rows that training does not see."
              onChange={(event) => onChange({ ...choices, holdout: event.target.value })}
            >
              <option value="">a random fifth of the rows</option>
              {flags.map(({ name }) => (
                <option key={name} value={name}>
                  rows where {name} is true
                </option>
              ))}
            </Select>
          )}
          <Field
            label="Model’s name"
            value={choices.name}
            required
            pattern="[A-Za-z][A-Za-z0-9_\-]{0,62}"
            title="A letter first, then letters, digits, - and _, at most 63"
            hint={existing ? `It exists: this becomes its version ${existing.latest_version + 1}.` : undefined}
            onChange={(event) => onChange({ ...choices, name: event.target.value, named: true })}
            autoComplete="off"
            spellCheck={false}
          />
        </>
      )}
    </>
  )
}

function typeOf(columns: Dataset['columns'], name: string): string {
  return columns.find((column) => column.name === name)?.type ?? ''
}
