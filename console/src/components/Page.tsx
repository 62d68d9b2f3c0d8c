import type { ReactNode } from 'react'
import { type Step, useTrail } from '../shell/trail'
import classes from './Page.module.css'

interface PageProps {
  title: string
  /** Badges beside the title: version, state. */
  badges?: ReactNode
  /** One sentence about the thing, or how the place is. */
  about?: ReactNode
  /** Buttons; one of them primary. */
  actions?: ReactNode
  /** The steps above this page: `[{label: 'Datasets', href: '/datasets'}]`. */
  above?: readonly Step[]
  children: ReactNode
}

/** A page inside the shell: its title, what can be done, its content. */
export function Page({ title, badges, about, actions, above = [], children }: PageProps) {
  useTrail([...above, { label: title }])
  return (
    <div className={classes.page}>
      <header className={classes.head}>
        <div className={classes.about}>
          <div className={classes.title}>
            <h1>{title}</h1>
            {badges}
          </div>
          {about !== undefined && <p className={classes.sentence}>{about}</p>}
        </div>
        {actions !== undefined && <div className={classes.actions}>{actions}</div>}
      </header>
      {children}
    </div>
  )
}

/** What narrows or orders the list below it: wraps when narrow. */
export function Toolbar({ children, aside }: { children?: ReactNode; aside?: ReactNode }) {
  return (
    <div className={classes.toolbar}>
      {children}
      {aside !== undefined && <div className={classes.aside}>{aside}</div>}
    </div>
  )
}
