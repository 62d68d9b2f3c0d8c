import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { Button } from '../../components/Button'
import { CopyButton } from '../../components/CopyButton'
import { Dialog } from '../../components/Dialog'
import { Field } from '../../components/Field'
import { ProblemNotice } from '../../components/ProblemNotice'
import { toast } from '../../components/Toasts'
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
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Reset the password of ${user.name}`}
      description="All sign-ins with the old password end at once. Copy the new one: it is not shown again."
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" busy={reset.isPending} onClick={() => reset.mutate()}>
            Reset password
          </Button>
        </>
      }
    >
      <div className={classes.stack}>
        <div className={classes.beside}>
          <Field
            label="New password"
            autoComplete="off"
            value={password}
            onChange={(event) => setPassword(event.target.value)}
            hint={PASSWORD_RULE}
          />
          <CopyButton text={password}>Copy</CopyButton>
        </div>
        {reset.isError && <ProblemNotice error={reset.error} />}
      </div>
    </Dialog>
  )
}
