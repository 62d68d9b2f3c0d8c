import { Button } from '../../components/Button'
import { Select } from '../../components/Field'
import { FilterBox } from '../../components/FilterBox'
import classes from './Access.module.css'
import { OUTCOMES, SERVICES } from './audit'
import { useLink } from './link'
import type { Span } from './search'
import type { User } from './types'

const SPAN_WORDS: Record<Span, string> = { '1h': 'Last hour', '24h': 'Last 24 hours', '7d': 'Last 7 days', '30d': 'Last 30 days' }

/** Narrows the trail; all of it is in the link. */
export function AuditFilters({ users }: { users: readonly User[] }) {
  const { search, narrow } = useLink()
  const narrowed = search.who ?? search.service ?? search.outcome ?? search.since ?? search.filter
  return (
    <div className={classes.filters}>
      <FilterBox
        label="Filter by what was done"
        value={search.filter ?? ''}
        onChange={(filter) => narrow({ filter: filter || undefined })}
      />
      <Select label="Who" value={search.who ?? ''} onChange={(event) => narrow({ who: event.target.value || undefined })}>
        <option value="">Anybody</option>
        {users.map((user) => (
          <option key={user.id} value={user.id}>
            {user.name}
          </option>
        ))}
        <option value="stranger">Nobody signed in</option>
      </Select>
      <Select
        label="Service"
        value={search.service ?? ''}
        onChange={(event) => narrow({ service: event.target.value || undefined })}
      >
        <option value="">Any</option>
        {SERVICES.map((service) => (
          <option key={service}>{service}</option>
        ))}
      </Select>
      <Select
        label="Outcome"
        value={search.outcome ?? ''}
        onChange={(event) => narrow({ outcome: event.target.value || undefined })}
      >
        <option value="">Any</option>
        {OUTCOMES.map((outcome) => (
          <option key={outcome}>{outcome}</option>
        ))}
      </Select>
      <Select
        label="When"
        value={search.since ?? ''}
        onChange={(event) => narrow({ since: (event.target.value || undefined) as Span | undefined })}
      >
        <option value="">Any time</option>
        {Object.entries(SPAN_WORDS).map(([span, words]) => (
          <option key={span} value={span}>
            {words}
          </option>
        ))}
      </Select>
      {narrowed && (
        <Button
          kind="quiet"
          onClick={() =>
            narrow({ who: undefined, service: undefined, outcome: undefined, since: undefined, filter: undefined })
          }
        >
          Clear filters
        </Button>
      )}
    </div>
  )
}
