import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { X } from 'lucide-react'
import { Status } from '../../components/Badge'
import { Button } from '../../components/Button'
import { Card } from '../../components/Card'
import { EmptyState } from '../../components/EmptyState'
import { duration } from '../../components/figures'
import { ProblemNotice } from '../../components/ProblemNotice'
import { type Column, Table } from '../../components/Table'
import { useKeys } from '../../shell/keys'
import { type Check, checksQuery } from './checks'

const COLUMNS: readonly Column<Check>[] = [
  { name: 'name', header: 'Check', cell: (check) => check.name },
  { name: 'ok', header: 'Result', cell: (check) => <Result check={check} /> },
  { name: 'required', header: 'Needed', cell: (check) => (check.required ? 'to be ready' : 'not to be degraded') },
  { name: 'latency', header: 'Took', figures: true, cell: (check) => duration(check.latency_ms) },
  { name: 'detail', header: 'Says', grows: true, cell: (check) => check.detail ?? '' },
]

/** What one service finds when it looks at itself. */
export function Checks({ service }: { service: string }) {
  const checks = useQuery(checksQuery(service))
  const navigate = useNavigate()
  const close = () => void navigate({ to: '/services', search: (before: object) => ({ ...before, service: undefined }) })
  useKeys([{ keys: 'escape', label: 'Close the checks', run: close }])
  return (
    <Card
      flush
      title={`Checks of ${service}`}
      aside={<Button kind="quiet" icon={X} aria-label="Close the checks" onClick={close} />}
    >
      {checks.isError ? (
        <ProblemNotice error={checks.error} retry={() => void checks.refetch()} />
      ) : checks.data?.length === 0 ? (
        <EmptyState title="It checks nothing beside that it answers" />
      ) : (
        <Table
          label={`Checks of ${service}`}
          columns={COLUMNS}
          rows={checks.data}
          rowKey={(check) => check.name}
          expected={3}
        />
      )}
    </Card>
  )
}

function Result({ check }: { check: Check }) {
  if (check.ok) return <Status tone="good">ok</Status>
  return check.required ? <Status tone="bad">fails</Status> : <Status tone="warn">fails, not needed</Status>
}
