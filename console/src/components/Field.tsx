import { type ComponentPropsWithRef, type ReactNode, useId } from 'react'
import classes from './Field.module.css'

interface Around {
  label: string
  hint?: ReactNode
  /** What is wrong with it and what would be right. */
  error?: ReactNode
}

/** A labelled line of text. */
export function Field({ label, hint, error, ...rest }: Around & ComponentPropsWithRef<'input'>) {
  const id = useId()
  return (
    <Labelled id={id} label={label} hint={hint} error={error}>
      <input id={id} className={classes.control} {...described(id, hint, error)} {...rest} />
    </Labelled>
  )
}

/** A labelled text of several lines. */
export function TextArea({ label, hint, error, ...rest }: Around & ComponentPropsWithRef<'textarea'>) {
  const id = useId()
  return (
    <Labelled id={id} label={label} hint={hint} error={error}>
      <textarea id={id} className={classes.control} rows={4} {...described(id, hint, error)} {...rest} />
    </Labelled>
  )
}

/** A labelled choice; the options are its children. */
export function Select({ label, hint, error, ...rest }: Around & ComponentPropsWithRef<'select'>) {
  const id = useId()
  return (
    <Labelled id={id} label={label} hint={hint} error={error}>
      <select id={id} className={classes.control} {...described(id, hint, error)} {...rest} />
    </Labelled>
  )
}

function Labelled({ id, label, hint, error, children }: Around & { id: string; children: ReactNode }) {
  return (
    <div className={classes.field}>
      <label htmlFor={id}>{label}</label>
      {children}
      {hint !== undefined && (
        <small id={`${id}-hint`} className={classes.hint}>
          {hint}
        </small>
      )}
      {error !== undefined && (
        <small id={`${id}-error`} className={classes.error}>
          {error}
        </small>
      )}
    </div>
  )
}

function described(id: string, hint: ReactNode, error: ReactNode) {
  const ids = [hint !== undefined && `${id}-hint`, error !== undefined && `${id}-error`].filter(Boolean).join(' ')
  return { 'aria-invalid': error !== undefined || undefined, 'aria-describedby': ids || undefined }
}
