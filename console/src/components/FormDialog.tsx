import type { ReactNode } from 'react'
import { useId } from 'react'
import { Button } from './Button'
import { Dialog } from './Dialog'
import classes from './FormDialog.module.css'
import { ProblemNotice } from './ProblemNotice'

interface FormDialogProps {
  onClose: () => void
  title: string
  /** One sentence under the title. */
  description?: ReactNode
  /** What the button says that sends the form. */
  submit: string
  onSubmit: () => void
  busy?: boolean
  /** Whether what is filled in can be sent. */
  ready?: boolean
  /** What went wrong, as far as no field tells it. */
  error?: unknown
  wide?: boolean
  children: ReactNode
}

/** A form over the page, there while it is rendered: fields, what went wrong, Cancel, and the button that sends it. */
export function FormDialog({ onClose, submit, onSubmit, busy = false, ready = true, error, children, ...rest }: FormDialogProps) {
  const id = useId()
  return (
    <Dialog
      {...rest}
      open
      onClose={onClose}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" form={id} disabled={!ready} busy={busy}>
            {submit}
          </Button>
        </>
      }
    >
      <form
        id={id}
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault()
          if (ready && !busy) onSubmit()
        }}
      >
        {children}
        {error !== undefined && error !== null && <ProblemNotice error={error} />}
      </form>
    </Dialog>
  )
}
