import { useMutation } from '@tanstack/react-query'
import { type SubmitEvent, useId, useState } from 'react'
import { Button } from '../../components/Button'
import { Dialog } from '../../components/Dialog'
import { Field } from '../../components/Field'
import { ProblemNotice } from '../../components/ProblemNotice'
import { toast } from '../../components/Toasts'
import { asProblem } from '../../api/problem'
import { queries } from '../../api/queries'
import { gateway } from '../../api/services'
import { signIn } from '../../api/session'
import type { Identity } from '../../api/types'
import classes from './Access.module.css'
import { PASSWORD_RULE } from './password'

/** Gives the reader a new password. All other sign-ins end; this browser is signed in again with the new one. */
export function ChangePassword({ me, open, onClose }: { me: Identity; open: boolean; onClose: () => void }) {
  const id = useId()
  const change = useMutation({
    mutationFn: async (asked: { current: string; new: string }) => {
      await gateway.PUT('/api/v1/auth/me/password', { body: asked })
      await signIn(me.name, asked.new)
    },
    onSuccess: async () => {
      await queries.invalidateQueries()
      toast('The password is changed; all other sign-ins have ended')
      onClose()
    },
  })
  function close() {
    change.reset()
    onClose()
  }
  return (
    <Dialog
      open={open}
      onClose={close}
      title="Change your password"
      description="Your other sign-ins end at once. API keys stay good."
      actions={
        <>
          <Button onClick={close}>Cancel</Button>
          <Button kind="primary" type="submit" form={id} busy={change.isPending}>
            Change password
          </Button>
        </>
      }
    >
      <Draft id={id} name={me.name} error={change.error} onDraft={(asked) => change.mutate(asked)} />
    </Dialog>
  )
}

interface DraftProps {
  id: string
  name: string
  error: unknown
  onDraft: (asked: { current: string; new: string }) => void
}

function Draft({ id, name, error, onDraft }: DraftProps) {
  const [current, setCurrent] = useState('')
  const [next, setNext] = useState('')
  const problem = error ? asProblem(error) : undefined
  function submit(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault()
    onDraft({ current, new: next })
  }
  return (
    <form id={id} className={classes.stack} onSubmit={submit}>
      <input type="text" name="username" autoComplete="username" value={name} readOnly hidden />
      <Field
        label="Present password"
        type="password"
        autoComplete="current-password"
        required
        autoFocus
        value={current}
        onChange={(event) => setCurrent(event.target.value)}
        error={problem?.about('current')}
      />
      <Field
        label="New password"
        type="password"
        autoComplete="new-password"
        required
        minLength={12}
        value={next}
        onChange={(event) => setNext(event.target.value)}
        hint={PASSWORD_RULE}
        error={problem?.about('new')}
      />
      {problem && problem.errors.length === 0 && <ProblemNotice error={problem} />}
    </form>
  )
}
