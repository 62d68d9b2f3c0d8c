import type { JobEvent } from './followJob'
import { STATE_WORDS } from '../../api/jobStates'
import classes from './JobLog.module.css'

const clock = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  fractionalSecondDigits: 3,
  hourCycle: 'h23',
})

/** Whether the event belongs into the log: what was said, and each change of state. */
export function tells(event: JobEvent): boolean {
  return event.kind !== 'progress'
}

/** The lines as a file. */
export function asText(events: readonly JobEvent[]): string {
  return events.map((event) => `${event.at} ${said(event)}\n`).join('')
}

export function LogLine({ event }: { event: JobEvent }) {
  return (
    <div className={classes.line}>
      <time dateTime={event.at}>{clock.format(new Date(event.at))}</time>
      <span className={event.kind === 'state' ? classes.state : undefined}>{said(event)}</span>
    </div>
  )
}

function said({ kind, state, attempt, message }: JobEvent): string {
  if (kind === 'log') return message ?? ''
  const what = state === 'running' && !message ? `attempt ${attempt} began` : state ? STATE_WORDS[state] : ''
  return message ? `${what}: ${message}` : what
}
