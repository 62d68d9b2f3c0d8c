import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { Field, Select } from '../../components/Field'
import { FormDialog } from '../../components/FormDialog'
import { asProblem } from '../../api/problem'
import { queries } from '../../api/queries'
import { gateway, take } from '../../api/services'
import { covers } from '../../api/session'
import type { Identity, Role } from '../../api/types'
import { ROLES } from './RoleBadge'
import { Scopes } from './Scopes'
import { type Reaches, scopesOf } from './scopes'
import { ShownSecret } from './ShownSecret'
import type { ApiKeyDraft } from './types'

const DAY_S = 86_400
const LIVES = [
  { days: 7, label: '7 days' },
  { days: 30, label: '30 days' },
  { days: 90, label: '90 days' },
  { days: 365, label: 'A year' },
  { days: 0, label: 'Never' },
] as const

/** Asks for a key, then shows its secret once. */
export function MakeKey({ me, onClose }: { me: Identity; onClose: () => void }) {
  const [name, setName] = useState('')
  const [role, setRole] = useState<Role>('viewer')
  const [days, setDays] = useState(90)
  const [reaches, setReaches] = useState<Reaches>()
  const [wrong, setWrong] = useState<string>()
  const make = useMutation({
    mutationFn: (draft: ApiKeyDraft) => take(gateway.POST('/api/v1/auth/api-keys', { body: draft })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['api-keys'] }),
  })
  const problem = make.error ? asProblem(make.error) : undefined
  function submit() {
    const scopes = reaches ? scopesOf(reaches) : ['*']
    setWrong(scopes.length === 0 ? 'Choose at least one thing that the key may do.' : undefined)
    if (scopes.length > 0) make.mutate({ name, role, scopes, expires_in_s: days === 0 ? null : days * DAY_S })
  }
  if (make.data) return <ShownSecret made={make.data} onClose={onClose} />
  return (
    <FormDialog
      onClose={onClose}
      title="Make a key"
      description="It speaks for you, with no more than you give it here."
      submit="Make the key"
      onSubmit={submit}
      busy={make.isPending}
      error={problem?.beside('name')}
    >
      <Field
        label="Name"
        hint="What will use it: a notebook, a build, a sensor."
        autoComplete="off"
        required
        maxLength={128}
        autoFocus
        value={name}
        onChange={(event) => setName(event.target.value)}
        error={problem?.about('name')}
      />
      <Select label="Role" value={role} onChange={(event) => setRole(event.target.value as Role)}>
        {ROLES.filter((one) => covers(me.role, one.role)).map((one) => (
          <option key={one.role} value={one.role}>
            {one.role}: {one.may}
          </option>
        ))}
      </Select>
      <Scopes reaches={reaches} onChange={setReaches} error={wrong} />
      <Select label="Expires after" value={days} onChange={(event) => setDays(Number(event.target.value))}>
        {LIVES.map((life) => (
          <option key={life.days} value={life.days}>
            {life.label}
          </option>
        ))}
      </Select>
    </FormDialog>
  )
}
