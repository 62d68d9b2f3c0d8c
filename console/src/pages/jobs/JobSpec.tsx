import { Card } from '../../components/Card'
import classes from './JobPage.module.css'

const TEXTS = ['sql', 'code']

/** What was asked for: its texts as they were written, the rest as JSON. */
export function JobSpec({ spec }: { spec: Record<string, unknown> }) {
  const texts = TEXTS.flatMap((name) => (typeof spec[name] === 'string' ? [[name, spec[name]] as const] : []))
  const rest = Object.fromEntries(Object.entries(spec).filter(([name]) => !texts.some(([text]) => text === name)))
  return (
    <Card title="Asked for">
      <div className={classes.result}>
        {texts.map(([name, text]) => (
          <pre key={name} className={classes.code} tabIndex={0} aria-label={name}>
            {text}
          </pre>
        ))}
        {Object.keys(rest).length > 0 && (
          <pre className={classes.code} tabIndex={0} aria-label="spec">
            {JSON.stringify(rest, null, 2)}
          </pre>
        )}
      </div>
    </Card>
  )
}
