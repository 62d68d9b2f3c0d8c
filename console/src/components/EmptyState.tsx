import type { ReactNode } from 'react'
import classes from './EmptyState.module.css'

/** Nothing is here yet: says what would be, and the two ways to fill it, one with sample data. */
export function EmptyState({ title, children, actions }: { title: string; children?: ReactNode; actions?: ReactNode }) {
  return (
    <div className={classes.empty}>
      <h2>{title}</h2>
      {children !== undefined && <p>{children}</p>}
      {actions !== undefined && <div className={classes.actions}>{actions}</div>}
    </div>
  )
}
