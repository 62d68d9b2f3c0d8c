import type { JobState } from '../../api/types'
import { Badge } from '../../components/Badge'
import { STATE_TONES, STATE_WORDS } from '../../api/jobStates'

/** Where a job stands, as a word in its colour. */
export function JobBadge({ state, cancelling = false }: { state: JobState; cancelling?: boolean }) {
  if (cancelling) return <Badge tone="warn">cancelling</Badge>
  return <Badge tone={STATE_TONES[state]}>{STATE_WORDS[state]}</Badge>
}
