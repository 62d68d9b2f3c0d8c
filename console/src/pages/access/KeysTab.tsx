import { useQuery } from '@tanstack/react-query'
import { KeyRound } from 'lucide-react'
import { useState } from 'react'
import { Badge } from '../../components/Badge'
import { Button } from '../../components/Button'
import { Card } from '../../components/Card'
import { EmptyState } from '../../components/EmptyState'
import { counted } from '../../components/figures'
import { FilterBox } from '../../components/FilterBox'
import { Toolbar } from '../../components/Page'
import { ProblemNotice } from '../../components/ProblemNotice'
import { RelativeTime } from '../../components/RelativeTime'
import { type Column, Table } from '../../components/Table'
import { useNow } from '../../components/now'
import type { Identity } from '../../api/types'
import classes from './Access.module.css'
import { keysQuery } from './keys'
import { useLink } from './link'
import { MakeKey } from './MakeKey'
import { RevokeKey } from './RevokeKey'
import { RoleBadge } from './RoleBadge'
import type { ApiKey } from './types'
import { usersQuery } from './users'

/** The reader's keys; an administrator sees all. */
export function KeysTab({ me }: { me: Identity }) {
  const { search, go, narrow } = useLink()
  const { filter = '', open } = search
  const keys = useQuery(keysQuery)
  const users = useQuery({ ...usersQuery, enabled: me.role === 'admin' })
  const [revoking, revoke] = useState<ApiKey>()
  const now = useNow()
  const shown = keys.data?.filter((key) => key.name.toLowerCase().includes(filter.toLowerCase()))
  const making = (on: boolean) => (on ? go({ open: 'key' }) : narrow({ open: undefined }))
  const ownerOf = (key: ApiKey) => ownerName(key, me, users.data)

  return (
    <div className={classes.stack}>
      <Toolbar aside={keys.data && counted(keys.data.length, 'key')}>
        <FilterBox
          label="Filter keys"
          value={filter}
          onChange={(next) => narrow({ filter: next || undefined })}
        />
        <Button kind="primary" icon={KeyRound} onClick={() => making(true)}>
          Make a key
        </Button>
      </Toolbar>
      {keys.isError && !keys.data ? (
        <ProblemNotice error={keys.error} retry={() => void keys.refetch()} />
      ) : keys.data?.length === 0 ? (
        <Card>
          <EmptyState title="No keys yet" actions={<Button onClick={() => making(true)}>Make a key</Button>}>
            A key lets a program speak for you, with no more than the role and the scopes you give it: set it as{' '}
            <code>DATALAB_TOKEN</code>, or send it as <code>Authorization: Bearer …</code>.
          </EmptyState>
        </Card>
      ) : (
        <Card flush>
          <Table
            label="API keys"
            columns={columns(now, me.role === 'admin' ? ownerOf : undefined, revoke)}
            rows={shown}
            rowKey={(key) => key.id}
            expected={3}
          />
          {shown?.length === 0 && <p className={classes.none}>No key’s name holds “{filter}”.</p>}
        </Card>
      )}
      {open === 'key' && <MakeKey me={me} onClose={() => making(false)} />}
      <RevokeKey apiKey={revoking} onClose={() => revoke(undefined)} />
    </div>
  )
}

function columns(
  now: number,
  ownerOf: ((key: ApiKey) => string) | undefined,
  onRevoke: (key: ApiKey) => void,
): Column<ApiKey>[] {
  const owner: Column<ApiKey>[] = ownerOf ? [{ name: 'owner', header: 'Owner', cell: ownerOf }] : []
  return [
    { name: 'name', header: 'Name', cell: (key) => <strong>{key.name}</strong> },
    { name: 'prefix', header: 'Begins with', cell: (key) => <code>{key.prefix}…</code> },
    ...owner,
    { name: 'role', header: 'Role', cell: (key) => <RoleBadge role={key.role} /> },
    { name: 'scopes', header: 'Scopes', cell: (key) => (key.scopes.includes('*') ? 'all' : key.scopes.join(', ')) },
    { name: 'created', header: 'Made', cell: (key) => <RelativeTime at={key.created_at} /> },
    { name: 'expires', header: 'Expires', cell: (key) => <Expiry apiKey={key} now={now} /> },
    {
      name: 'actions',
      header: <span className="visually-hidden">Actions</span>,
      figures: true,
      cell: (key) => (
        <Button kind="quiet" aria-label={`Revoke ${key.name}`} onClick={() => onRevoke(key)}>
          Revoke
        </Button>
      ),
    },
  ]
}

function Expiry({ apiKey, now }: { apiKey: ApiKey; now: number }) {
  if (apiKey.expires_at === null) return <span className={classes.soft}>never</span>
  if (Date.parse(apiKey.expires_at) > now) return <RelativeTime at={apiKey.expires_at} />
  return (
    <>
      <Badge tone="warn">expired</Badge> <RelativeTime at={apiKey.expires_at} />
    </>
  )
}

function ownerName(key: ApiKey, me: Identity, users: readonly { id: string; name: string }[] | undefined): string {
  if (key.owner === me.subject) return 'you'
  return users?.find((user) => user.id === key.owner)?.name ?? 'somebody deleted'
}
