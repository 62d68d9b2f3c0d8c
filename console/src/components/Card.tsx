import type { ReactNode } from 'react'
import classes from './Card.module.css'

interface CardProps {
  title?: ReactNode
  /** At the right of the title: a badge, a link, how fresh it is. */
  aside?: ReactNode
  /** Without padding, for a table. */
  flush?: boolean
  children: ReactNode
}

/** A bordered part of a page. */
export function Card({ title, aside, flush = false, children }: CardProps) {
  return (
    <section className={classes.card}>
      {title !== undefined && (
        <header className={classes.head}>
          <h2>{title}</h2>
          {aside !== undefined && <div className={classes.aside}>{aside}</div>}
        </header>
      )}
      <div className={flush ? classes.flush : classes.body}>{children}</div>
    </section>
  )
}

/** A figure with its name and what is worth knowing about it; a link when it leads somewhere. */
export function Figure({ name, value, note }: { name: ReactNode; value: ReactNode; note?: ReactNode }) {
  return (
    <div className={classes.figure}>
      <div className={classes.name}>{name}</div>
      <div className={classes.value}>{value}</div>
      <div className={classes.note}>{note ?? '\u00a0'}</div>
    </div>
  )
}
