import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { Field } from '../../components/Field'
import { FormDialog } from '../../components/FormDialog'
import { toast } from '../../components/Toasts'
import { asProblem } from '../../api/problem'
import { queries } from '../../api/queries'
import { gateway } from '../../api/services'
import { signIn } from '../../api/session'
import type { Identity } from '../../api/types'
import { PASSWORD_RULE } from './password'

/** Gives the reader a new password. All other sign-ins end; this browser is signed in again with the new one. */
export function ChangePassword({ me, onClose }: { me: Identity; onClose: () => void }) {
  const [current, setCurrent] = useState('')
  const [next, setNext] = useState('')
  const change = useMutation({
    mutationFn: async () => {
      await gateway.PUT('/api/v1/auth/me/password', { body: { current, new: next } })
      await signIn(me.name, next)
    },
    onSuccess: async () => {
      await queries.invalidateQueries()
      toast('The password is changed; all other sign-ins have ended')
      onClose()
    },
  })
  const problem = change.error ? asProblem(change.error) : undefined
  return (
    <FormDialog
      onClose={onClose}
      title="Change your password"
      description="Your other sign-ins end at once. API keys stay good."
      submit="Change password"
      onSubmit={() => change.mutate()}
      busy={change.isPending}
      error={problem?.beside('current', 'new')}
    >
      <input type="text" name="username" autoComplete="username" value={me.name} readOnly hidden />
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
    </FormDialog>
  )
}
