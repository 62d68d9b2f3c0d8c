import { Field } from '../../components/Field'
import type { Typed } from './params'
import classes from './SqlPage.module.css'

interface ParametersProps {
  names: readonly string[]
  typed: Typed
  onChange: (typed: Typed) => void
  onRun: () => void
}

/** A field for each placeholder of the query; Enter runs it. */
export function Parameters({ names, typed, onChange, onRun }: ParametersProps) {
  if (names.length === 0) return null
  return (
    <form
      className={classes.params}
      aria-label="Parameters"
      onSubmit={(event) => {
        event.preventDefault()
        onRun()
      }}
    >
      {names.map((name) => (
        <Field
          key={name}
          label={`$${name}`}
          placeholder="null"
          spellCheck={false}
          value={typed[name] ?? ''}
          onChange={(event) => onChange({ ...typed, [name]: event.target.value })}
        />
      ))}
      <small className={classes.elapsed}>Numbers, true and false are sent as what they are, in 'quotes' as text.</small>
      <button type="submit" hidden aria-hidden="true" tabIndex={-1} />
    </form>
  )
}
