import type { FormEvent, ReactNode } from 'react'
import { useEffect } from 'react'
import { Button } from '../../components/Button'
import { ProblemNotice } from '../../components/ProblemNotice'
import { Mark } from '../Mark'
import classes from './Door.module.css'

interface DoorProps {
  title: string
  about: ReactNode
  action: string
  busy: boolean
  error: unknown
  /** What most likely helps when it failed. */
  way?: ReactNode
  onSubmit: (form: FormData) => void
  children: ReactNode
}

/** The form before the platform: sign-in and set-up. */
export function Door({ title, about, action, busy, error, way, onSubmit, children }: DoorProps) {
  useEffect(() => {
    document.title = `${title} · DataLab`
  }, [title])
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault()
    if (!busy) onSubmit(new FormData(event.currentTarget))
  }
  return (
    <main className={classes.door}>
      <form className={classes.form} onSubmit={submit}>
        <p className={classes.mark}>
          <Mark size={24} /> DataLab
        </p>
        <h1>{title}</h1>
        <p className={classes.about}>{about}</p>
        {children}
        {error !== null && <ProblemNotice error={error} action={way} />}
        <Button kind="primary" type="submit" busy={busy}>
          {action}
        </Button>
      </form>
    </main>
  )
}
