import { useMutation, useQuery } from '@tanstack/react-query'
import { Badge } from '../../components/Badge'
import { Button } from '../../components/Button'
import { Card } from '../../components/Card'
import { counted } from '../../components/figures'
import { Toolbar } from '../../components/Page'
import { ProblemNotice } from '../../components/ProblemNotice'
import { RelativeTime } from '../../components/RelativeTime'
import { type Column, Table } from '../../components/Table'
import { toast } from '../../components/Toasts'
import { asProblem } from '../../api/problem'
import { queries } from '../../api/queries'
import { gateway } from '../../api/services'
import type { Identity } from '../../api/types'
import classes from './Access.module.css'
import { agentName } from './agent'
import { ChangePassword } from './ChangePassword'
import { useLink } from './link'
import { sessionsQuery } from './sessions'
import type { Session } from './types'

/** Where the reader is signed in, and the reader's password. */
export function SessionsTab({ me }: { me: Identity }) {
  const { search, go, narrow } = useLink()
  const sessions = useQuery(sessionsQuery)
  const changing = (on: boolean) => (on ? go({ open: 'password' }) : narrow({ open: undefined }))
  const end = useEndSession()
  return (
    <div className={classes.stack}>
      <Toolbar aside={sessions.data && counted(sessions.data.length, 'sign-in')}>
        {me.kind === 'user' && (
          <Button kind="primary" onClick={() => changing(true)}>
            Change password
          </Button>
        )}
      </Toolbar>
      {sessions.isError && !sessions.data ? (
        <ProblemNotice error={sessions.error} retry={() => void sessions.refetch()} />
      ) : (
        <Card flush>
          <Table
            label="Your sign-ins"
            columns={columns((session) => end.mutate(session))}
            rows={sessions.data?.toReversed()}
            rowKey={(session) => session.id}
            expected={2}
          />
        </Card>
      )}
      {search.open === 'password' && <ChangePassword me={me} onClose={() => changing(false)} />}
    </div>
  )
}

function useEndSession() {
  const key = sessionsQuery.queryKey
  return useMutation({
    mutationFn: ({ id }: Session) =>
      gateway.DELETE('/api/v1/auth/sessions/{session_id}', { params: { path: { session_id: id } } }),
    onMutate: async ({ id }) => {
      await queries.cancelQueries(sessionsQuery)
      queries.setQueryData(key, (sessions) => sessions?.filter((one) => one.id !== id))
    },
    onSuccess: (_, session) => toast(`Signed out: ${agentName(session.user_agent)}`),
    onError: (error) => toast(`Still signed in there: ${asProblem(error).detail}`, { bad: true }),
    onSettled: () => queries.invalidateQueries({ queryKey: key }),
  })
}

function columns(onEnd: (session: Session) => void): Column<Session>[] {
  return [
    {
      name: 'where',
      header: 'Where',
      cell: (session) => (
        <span className={classes.name} title={session.user_agent ?? undefined}>
          <strong>{agentName(session.user_agent)}</strong> {session.current && <Badge tone="accent">this one</Badge>}
        </span>
      ),
    },
    { name: 'kind', header: 'Kind', cell: (session) => session.kind },
    { name: 'address', header: 'Address', cell: (session) => <code>{session.address ?? 'unknown'}</code> },
    { name: 'seen', header: 'Last used', cell: (session) => <RelativeTime at={session.seen_at} /> },
    { name: 'created', header: 'Signed in', cell: (session) => <RelativeTime at={session.created_at} /> },
    { name: 'expires', header: 'Lasts until', cell: (session) => <RelativeTime at={session.expires_at} /> },
    {
      name: 'actions',
      header: <span className="visually-hidden">Actions</span>,
      figures: true,
      cell: (session) => (
        <Button kind="quiet" aria-label={`Sign out ${agentName(session.user_agent)}`} onClick={() => onEnd(session)}>
          Sign out
        </Button>
      ),
    },
  ]
}
