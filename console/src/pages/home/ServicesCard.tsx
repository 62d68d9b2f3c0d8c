import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { Instance } from '../../api/types'
import { Status } from '../../components/Badge'
import { Card } from '../../components/Card'
import { duration } from '../../components/figures'
import { Heard } from '../../components/Heard'
import { ProblemNotice } from '../../components/ProblemNotice'
import { type Column, Table } from '../../components/Table'
import { instancesQuery, TONES } from '../services/instances'

const EXPECTED = 5
const COLUMNS: readonly Column<Instance>[] = [
  { name: 'service', header: 'Service', cell: (one) => <Link to={`/services?service=${one.service}`}>{one.service}</Link> },
  { name: 'state', header: 'State', cell: (one) => <Status tone={TONES[one.state]}>{one.state}</Status> },
  {
    name: 'latency',
    header: 'Latency',
    figures: true,
    cell: (one) => (one.latency_ms === null ? '–' : duration(one.latency_ms)),
  },
]

/** How the services are. */
export function ServicesCard() {
  const instances = useQuery(instancesQuery)
  return (
    <Card title={<Link to="/services">Services</Link>} aside={<Heard query={instances} />} flush={!instances.isError}>
      {instances.isError && !instances.data ? (
        <ProblemNotice error={instances.error} retry={() => void instances.refetch()} />
      ) : (
        <Table
          label="Services"
          columns={COLUMNS}
          rows={instances.data}
          rowKey={(one) => `${one.service} ${one.url}`}
          expected={EXPECTED}
        />
      )}
    </Card>
  )
}
