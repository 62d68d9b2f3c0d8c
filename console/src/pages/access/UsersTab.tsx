import { useQuery } from '@tanstack/react-query'
import { UserPlus } from 'lucide-react'
import { useState } from 'react'
import { Badge, Status } from '../../components/Badge'
import { Button } from '../../components/Button'
import { Card } from '../../components/Card'
import { counted } from '../../components/figures'
import { FilterBox } from '../../components/FilterBox'
import { Toolbar } from '../../components/Page'
import { ProblemNotice } from '../../components/ProblemNotice'
import { RelativeTime } from '../../components/RelativeTime'
import { type Column, Table } from '../../components/Table'
import { toast } from '../../components/Toasts'
import type { Identity } from '../../api/types'
import { AddUser } from './AddUser'
import { DeleteUser } from './DeleteUser'
import { useLink } from './link'
import { ResetPassword } from './ResetPassword'
import { RoleBadge } from './RoleBadge'
import classes from './Access.module.css'
import type { User, UserChange } from './types'
import { type Act, UserMenu } from './UserMenu'
import { useChangeUser, usersQuery } from './users'

// The platform's own account, which `datalab token` on its machine speaks for.
const HOST = 'host'

/** The accounts. */
export function UsersTab({ me }: { me: Identity }) {
  const { search, go, narrow } = useLink()
  const { filter = '', open } = search
  const users = useQuery(usersQuery)
  const [asked, ask] = useState<{ act: 'password' | 'delete'; user: User }>()
  const change = useChangeUser()
  const shown = users.data?.filter((user) => user.name.toLowerCase().includes(filter.toLowerCase()))
  const adding = (on: boolean) => (on ? go({ open: 'user' }) : narrow({ open: undefined }))

  function apply(user: User, wanted: UserChange) {
    const before = { role: user.role, disabled: user.disabled }
    change.mutate(
      { user, change: wanted },
      {
        onSuccess: (changed) =>
          toast(told(changed, wanted), {
            action: { label: 'Undo', run: () => change.mutate({ user: changed, change: before }) },
          }),
      },
    )
  }
  function act(user: User, what: Act) {
    if (what.act === 'change') apply(user, what.change)
    else ask({ act: what.act, user })
  }

  return (
    <div className={classes.stack}>
      <Toolbar aside={users.data && counted(users.data.length, 'user')}>
        <FilterBox
          label="Filter users"
          value={filter}
          onChange={(next) => narrow({ filter: next || undefined })}
        />
        <Button kind="primary" icon={UserPlus} onClick={() => adding(true)}>
          Add a user
        </Button>
      </Toolbar>
      {change.isError && (
        <ProblemNotice error={change.error} action={<Button onClick={() => adding(true)}>Add a user</Button>} />
      )}
      {users.isError && !users.data ? (
        <ProblemNotice error={users.error} retry={() => void users.refetch()} />
      ) : (
        <Card flush>
          <Table
            label="Users"
            columns={columns(me, (user, what) => act(user, what))}
            rows={shown}
            rowKey={(user) => user.id}
            expected={3}
          />
          {shown?.length === 0 && <p className={classes.none}>No user’s name holds “{filter}”.</p>}
        </Card>
      )}
      {open === 'user' && <AddUser onClose={() => adding(false)} />}
      <ResetPassword user={asked?.act === 'password' ? asked.user : undefined} onClose={() => ask(undefined)} />
      <DeleteUser user={asked?.act === 'delete' ? asked.user : undefined} onClose={() => ask(undefined)} />
    </div>
  )
}

function columns(me: Identity, onAct: (user: User, act: Act) => void): Column<User>[] {
  return [
    {
      name: 'name',
      header: 'Name',
      cell: (user) => (
        <span className={classes.name}>
          <strong>{user.name}</strong> {user.id === me.subject && <Badge>you</Badge>}
          {user.name === HOST && <Badge>this platform’s machine</Badge>}
        </span>
      ),
    },
    { name: 'role', header: 'Role', cell: (user) => <RoleBadge role={user.role} /> },
    {
      name: 'state',
      header: 'State',
      cell: (user) => (user.disabled ? <Status tone="warn">disabled</Status> : <Status tone="good">may sign in</Status>),
    },
    { name: 'created', header: 'Added', cell: (user) => <RelativeTime at={user.created_at} /> },
    {
      name: 'actions',
      header: <span className="visually-hidden">Actions</span>,
      figures: true,
      cell: (user) => <UserMenu user={user} onAct={(act) => onAct(user, act)} />,
    },
  ]
}

function told(user: User, { role, disabled }: UserChange): string {
  if (role) return `${user.name} is ${role} now`
  return disabled ? `${user.name} can no longer sign in` : `${user.name} may sign in again`
}
