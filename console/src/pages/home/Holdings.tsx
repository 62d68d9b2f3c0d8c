import { useQuery, type UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Figure } from '../../components/Card'
import { bytes, counted, Num } from '../../components/figures'
import { useNow } from '../../components/now'
import { RelativeTime } from '../../components/RelativeTime'
import { Skeleton } from '../../components/Skeleton'
import { chartsQuery, dashboardsQuery, datasetsQuery, jobsInQuery, type Listed, modelsQuery, recentJobsQuery } from './holdings'
import { lately } from './jobs'
import { PlaceName } from './PlaceName'
import classes from './Home.module.css'

/** What the platform holds, in figures. */
export function Holdings() {
  return (
    <div className={classes.figures}>
      <Datasets />
      <Models />
      <Charts />
      <Jobs />
    </div>
  )
}

function Datasets() {
  const query = useQuery(datasetsQuery)
  return (
    <Held name="Datasets" href="/datasets" query={query}>
      {({ items }) => {
        const rows = items.reduce((sum, one) => sum + one.rows, 0)
        const size = items.reduce((sum, one) => sum + one.bytes, 0)
        return `${counted(rows, 'row')} · ${bytes(size)}`
      }}
    </Held>
  )
}

function Models() {
  const query = useQuery(modelsQuery)
  return (
    <Held name="Models" href="/models" query={query}>
      {({ items }) => {
        const newest = items.toSorted((one, other) => other.updated_at.localeCompare(one.updated_at))[0]
        if (!newest) return 'none trained yet'
        return (
          <>
            {newest.name} v{newest.latest_version}, <RelativeTime at={newest.updated_at} />
          </>
        )
      }}
    </Held>
  )
}

function Charts() {
  const query = useQuery(chartsQuery)
  const dashboards = useQuery(dashboardsQuery).data
  return (
    <Held name="Charts" href="/charts" query={query}>
      {() => (dashboards ? `on ${counted(dashboards.items.length, 'dashboard')}` : <Skeleton />)}
    </Held>
  )
}

function Jobs() {
  const running = useQuery(jobsInQuery('running'))
  const recent = useQuery(recentJobsQuery).data
  const now = useNow()
  return (
    <Held name="Jobs running" href="/jobs" query={running}>
      {() => {
        if (!recent) return <Skeleton />
        const { ended, failed } = lately(recent.items, now)
        const more = recent.next_cursor && ended.length === recent.items.length ? '+' : ''
        return `${ended.length}${more} ended in 24 h, ${failed.length} failed`
      }}
    </Held>
  )
}

interface HeldProps<T> {
  name: string
  href: string
  query: UseQueryResult<Listed<T>>
  children: (listed: Listed<T>) => ReactNode
}

function Held<T>({ name, href, query, children }: HeldProps<T>) {
  const title = (
    <PlaceName href={href} whole>
      {name}
    </PlaceName>
  )
  if (query.data) {
    const value = (
      <>
        <Num value={query.data.items.length} />
        {query.data.next_cursor ? '+' : ''}
      </>
    )
    return <Figure name={title} value={value} note={children(query.data)} />
  }
  if (query.isError) return <Figure name={title} value="–" note={query.error.message} />
  return <Figure name={title} value={<Skeleton width={3} />} note={<Skeleton width={16} />} />
}
