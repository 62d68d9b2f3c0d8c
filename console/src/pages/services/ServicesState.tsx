import { useQuery } from '@tanstack/react-query'
import { Badge, Status } from '../../components/Badge'
import { ailing, instancesQuery } from './instances'

/** How the services are, in the sidebar. */
export function ServicesState() {
  const instances = useQuery(instancesQuery).data
  if (!instances) return null
  const ill = ailing(instances).length
  if (ill > 0) return <Badge tone="warn">{ill} not ready</Badge>
  return (
    <Status tone="good">
      <span className="visually-hidden">all ready</span>
    </Status>
  )
}
