import { shown } from '../shell/keys'
import classes from './Kbd.module.css'

/** The keys that do what stands beside them: `<Kbd keys="mod+k" />`. */
export function Kbd({ keys }: { keys: string }) {
  return (
    <span className={classes.keys} aria-hidden="true">
      {shown(keys).map((key, index) => (
        <kbd key={index} className={classes.key}>
          {key}
        </kbd>
      ))}
    </span>
  )
}
