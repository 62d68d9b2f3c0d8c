import { Select } from '../../components/Field'
import classes from './Access.module.css'
import { AREAS, type Reach, type Reaches } from './scopes'

interface ScopesProps {
  /** Nothing named: all that the role may do. */
  reaches: Reaches | undefined
  onChange: (reaches: Reaches | undefined) => void
  error: string | undefined
}

/** What a key may do: all its role may, or less. */
export function Scopes({ reaches, onChange, error }: ScopesProps) {
  return (
    <fieldset>
      <legend className={classes.legend}>Scopes</legend>
      <label className={classes.choice}>
        <input type="radio" name="scopes" checked={!reaches} onChange={() => onChange(undefined)} />
        All that the role may do
      </label>
      <label className={classes.choice}>
        <input type="radio" name="scopes" checked={!!reaches} onChange={() => onChange({ data: 'read' })} />
        Only
      </label>
      {reaches && (
        <div className={classes.scopes}>
          {AREAS.map(({ area, name }) => (
            <Select
              key={area}
              label={name}
              value={reaches[area] ?? 'none'}
              onChange={(event) => onChange({ ...reaches, [area]: event.target.value as Reach })}
            >
              <option value="none">nothing</option>
              <option value="read">read</option>
              <option value="write">read, write</option>
            </Select>
          ))}
        </div>
      )}
      {error && (
        <p role="alert" className={classes.wrong}>
          {error}
        </p>
      )}
    </fieldset>
  )
}
