import type { UseQueryResult } from '@tanstack/react-query'
import { FilterBox } from '../../components/FilterBox'
import { Heard } from '../../components/Heard'
import { Toolbar } from '../../components/Page'
import { type JobsSearch, STATES } from './search'
import { STATE_WORDS } from '../../api/jobStates'
import classes from './Jobs.module.css'

const KINDS = ['sql', 'train', 'render', 'python']

interface JobFiltersProps {
  search: JobsSearch
  /** What the list comes from, to say how fresh it is. */
  query: Pick<UseQueryResult, 'dataUpdatedAt' | 'isError'>
  onChange: (search: JobsSearch) => void
}

/** Which jobs are listed, and how fresh the list is. */
export function JobFilters({ search, query, onChange }: JobFiltersProps) {
  const kinds = search.kind === undefined || KINDS.includes(search.kind) ? KINDS : [...KINDS, search.kind]
  return (
    <Toolbar aside={<Heard query={query} />}>
      <FilterBox label="Tag" value={search.tag ?? ''} onChange={(tag) => onChange({ ...search, tag: tag || undefined })} />
      <select
        aria-label="State"
        className={classes.choice}
        value={search.state ?? ''}
        onChange={(event) => onChange({ ...search, state: STATES.find((state) => state === event.target.value) })}
      >
        <option value="">Any state</option>
        {STATES.map((state) => (
          <option key={state} value={state}>
            {STATE_WORDS[state]}
          </option>
        ))}
      </select>
      <select
        aria-label="Kind"
        className={classes.choice}
        value={search.kind ?? ''}
        onChange={(event) => onChange({ ...search, kind: event.target.value || undefined })}
      >
        <option value="">Any kind</option>
        {kinds.map((kind) => (
          <option key={kind}>{kind}</option>
        ))}
      </select>
      <label className={classes.check}>
        <input
          type="checkbox"
          checked={search.mine ?? false}
          onChange={(event) => onChange({ ...search, mine: event.target.checked || undefined })}
        />
        Only mine
      </label>
    </Toolbar>
  )
}
