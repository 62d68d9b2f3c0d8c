import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { CopyButton } from '../../components/CopyButton'
import { Field, Select } from '../../components/Field'
import { FormDialog } from '../../components/FormDialog'
import { toast } from '../../components/Toasts'
import { asProblem } from '../../api/problem'
import { queries } from '../../api/queries'
import { gateway, take } from '../../api/services'
import type { Role } from '../../api/types'
import { PASSWORD_RULE, suggestPassword } from './password'
import { ROLES } from './RoleBadge'
import classes from './Access.module.css'

/** Asks for a new account. */
export function AddUser({ onClose }: { onClose: () => void }) {
  const [name, setName] = useState('')
  const [role, setRole] = useState<Role>('viewer')
  const [password, setPassword] = useState(suggestPassword)
  const add = useMutation({
    mutationFn: () => take(gateway.POST('/api/v1/auth/users', { body: { name, role, password } })),
    onSuccess: async (user) => {
      await queries.invalidateQueries({ queryKey: ['users'] })
      toast(`${user.name} was added as ${user.role}`)
      onClose()
    },
  })
  const problem = add.error ? asProblem(add.error) : undefined
  return (
    <FormDialog
      onClose={onClose}
      title="Add a user"
      description="The first password is for you to hand over; it can be changed under Your sign-ins."
      submit="Add"
      onSubmit={() => add.mutate()}
      busy={add.isPending}
      error={problem?.beside('name', 'password')}
    >
      <Field
        label="Name"
        autoComplete="off"
        required
        autoFocus
        value={name}
        onChange={(event) => setName(event.target.value)}
        error={problem?.about('name')}
      />
      <Select label="Role" value={role} onChange={(event) => setRole(event.target.value as Role)}>
        {ROLES.map((one) => (
          <option key={one.role} value={one.role}>
            {one.role}: {one.may}
          </option>
        ))}
      </Select>
      <div className={classes.beside}>
        <Field
          label="First password"
          autoComplete="off"
          required
          minLength={12}
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
