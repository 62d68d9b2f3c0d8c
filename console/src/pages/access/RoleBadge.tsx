import { Badge, type Tone } from '../../components/Badge'
import type { Role } from '../../api/types'

const TONES: Record<Role, Tone> = { viewer: 'neutral', editor: 'info', admin: 'accent' }

export const ROLES: readonly { role: Role; may: string }[] = [
  { role: 'viewer', may: 'reads' },
  { role: 'editor', may: 'reads and writes' },
  { role: 'admin', may: 'also governs users and the platform' },
]

export function RoleBadge({ role }: { role: Role }) {
  return <Badge tone={TONES[role]}>{role}</Badge>
}
