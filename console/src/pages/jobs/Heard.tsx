import { Status } from '../../components/Badge'
import { RelativeTime } from '../../components/RelativeTime'

/** When the list was last heard of; `at` in milliseconds, 0 before the first answer. */
export function Heard({ at, lost }: { at: number; lost: boolean }) {
  if (at === 0) return null
  return (
    <Status tone={lost ? 'bad' : 'good'}>
      <span>
        {lost ? 'not heard since' : 'live, heard'} <RelativeTime at={new Date(at).toISOString()} />
      </span>
    </Status>
  )
}
