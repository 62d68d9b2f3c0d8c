import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { CopyButton } from '../../components/CopyButton'
import { Field } from '../../components/Field'
import { FormDialog } from '../../components/FormDialog'
import { toast } from '../../components/Toasts'
import { asProblem } from '../../api/problem'
import { gateway, take } from '../../api/services'
import { PASSWORD_RULE, suggestPassword } from './password'
import classes from './Access.module.css'
import type { User } from './types'

/** Gives an account another password; whoever is signed in with the old one is signed out. */
export function ResetPassword({ user, onClose }: { user: User | undefined; onClose: () => void }) {
  return user ? <Asked key={user.id} user={user} onClose={onClose} /> : null
}

function Asked({ user, onClose }: { user: User; onClose: () => void }) {
  const [password, setPassword] = useState(suggestPassword)
  const reset = useMutation({
    mutationFn: () =>
      take(gateway.PATCH('/api/v1/auth/users/{user_id}', { params: { path: { user_id: user.id } }, body: { password } })),
    onSuccess: () => {
      toast(`${user.name} has a new password`)
      onClose()
    },
  })
  const problem = reset.error ? asProblem(reset.error) : undefined
  return (
    <FormDialog
      onClose={onClose}
      title={`Reset the password of ${user.name}`}
      description="All sign-ins with the old password end at once. Copy the new one: it is not shown again."
      submit="Reset password"
      onSubmit={() => reset.mutate()}
      busy={reset.isPending}
      error={problem?.beside('password')}
    >
      <div className={classes.beside}>
        <Field
          label="New password"
          autoComplete="off"
          value={password}
          onChange={(event) => setPassword(event.target.value)}
          hint={PASSWORD_RULE}
          error={problem?.about('password')}
        />
        <CopyButton text={password}>Copy</CopyButton>
      </div>
    </FormDialog>
  )
}
