import { CircleAlert } from 'lucide-react'
import { Button } from './Button'
import classes from './ProblemNotice.module.css'

interface ConflictNoticeProps {
  /** Where what is saved now can be seen. */
  href: string
  onSaveAnyway: () => void
}

/** Somebody else saved the thing since it was read: nothing is lost, and the reader decides. */
export function ConflictNotice({ href, onSaveAnyway }: ConflictNoticeProps) {
  return (
    <div className={classes.notice} role="alert">
      <CircleAlert size={16} className={classes.icon} aria-hidden="true" />
      <div className={classes.text}>
        <strong>It was changed meanwhile</strong>
        <p>Somebody saved it after you opened it. Your changes are still here, and not saved.</p>
      </div>
      <Button onClick={() => window.open(href, '_blank', 'noopener')}>See what is saved</Button>
      <Button onClick={onSaveAnyway}>Save mine over it</Button>
    </div>
  )
}
