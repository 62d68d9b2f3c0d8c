import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import type { Instance } from '../../api/types'
import { Status } from '../../components/Badge'
import { Card } from '../../components/Card'
import { EmptyState } from '../../components/EmptyState'
import { duration } from '../../components/figures'
import { FilterBox } from '../../components/FilterBox'
import { Heard } from '../../components/Heard'
import { Page, Toolbar } from '../../components/Page'
import { ProblemNotice } from '../../components/ProblemNotice'
import { RelativeTime } from '../../components/RelativeTime'
import { type Column, Table } from '../../components/Table'
import { Checks } from './Checks'
import { instancesQuery, sentence, TONES } from './instances'
import { servicesRoute } from './place'

const COLUMNS: readonly Column<Instance>[] = [
  {
    name: 'service',
    header: 'Service',
    cell: (one) => (
      <Link to="/services" search={(before: object) => ({ ...before, service: one.service })} data-whole="">
        {one.service}
      </Link>
    ),
  },
  { name: 'state', header: 'State', cell: (one) => <Status tone={TONES[one.state]}>{one.state}</Status> },
  {
    name: 'latency',
    header: 'Latency',
    figures: true,
    cell: (one) => (one.latency_ms === null ? '–' : duration(one.latency_ms)),
  },
  { name: 'version', header: 'Version', cell: (one) => one.version ?? '–' },
  { name: 'url', header: 'Where', cell: (one) => <code>{one.url}</code> },
  { name: 'checked', header: 'Asked', cell: (one) => <RelativeTime at={one.checked_at} /> },
  { name: 'detail', header: 'Says', grows: true, cell: (one) => one.detail ?? '' },
]

/** Health and latency of every instance of every service. */
export function ServicesPage() {
  const { filter = '', service } = servicesRoute.useSearch()
  const navigate = servicesRoute.useNavigate()
  const instances = useQuery(instancesQuery)
  const seen = instances.data?.filter((one) => `${one.service} ${one.url} ${one.state}`.includes(filter.toLowerCase()))
  return (
    <Page title="Services" about={instances.data ? sentence(instances.data) : 'Asking every instance.'}>
      <Toolbar aside={<Heard query={instances} />}>
        <FilterBox
          label="Filter services"
          value={filter}
          onChange={(next) =>
            void navigate({ search: (before: object) => ({ ...before, filter: next || undefined }), replace: true })
          }
        />
      </Toolbar>
      {instances.isError && <ProblemNotice error={instances.error} retry={() => void instances.refetch()} />}
      <Card flush>
        {seen?.length === 0 ? (
          <EmptyState title={`No instance matches “${filter}”`}>Esc empties the filter.</EmptyState>
        ) : (
          <Table
            label="Instances of the services"
            columns={COLUMNS}
            rows={seen}
            rowKey={(one) => `${one.service} ${one.url}`}
          />
        )}
      </Card>
      {service !== undefined && <Checks service={service} />}
    </Page>
  )
}
