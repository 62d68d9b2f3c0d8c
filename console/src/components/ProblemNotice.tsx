import { CircleAlert } from 'lucide-react'
import type { ReactNode } from 'react'
import { asProblem } from '../api/problem'
import { Button } from './Button'
import classes from './ProblemNotice.module.css'

interface ProblemNoticeProps {
  error: unknown
  /** Tries again. */
  retry?: (() => void) | undefined
  /** The one button that most likely helps, when that is not trying again. */
  action?: ReactNode
}

/** What happened, where, and the one button that most likely helps. */
export function ProblemNotice({ error, retry, action }: ProblemNoticeProps) {
  const problem = asProblem(error)
  const [only] = problem.errors
  const told = problem.errors.length === 1 && only !== undefined && problem.detail.includes(only.what)
  return (
    <div className={classes.notice} role="alert">
      <CircleAlert size={16} className={classes.icon} aria-hidden="true" />
      <div className={classes.text}>
        <strong>{problem.title}</strong>
        {problem.detail && <p>{problem.detail}</p>}
        {problem.errors.length > 0 && !told && (
          <ul className={classes.errors}>
            {problem.errors.map((one) => (
              <li key={one.where + one.what}>
                <code>{one.where}</code> {one.what}
                {one.got && (
                  <>
                    {' '}
                    (got <code>{one.got}</code>)
                  </>
                )}
              </li>
            ))}
          </ul>
        )}
        {problem.requestId && (
          <small className={classes.where}>
            {problem.code} · request <code>{problem.requestId}</code>
          </small>
        )}
      </div>
      {action ?? (retry && <Button onClick={retry}>Try again</Button>)}
    </div>
  )
}
