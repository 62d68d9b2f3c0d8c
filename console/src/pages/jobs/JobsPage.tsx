import { useInfiniteQuery, useQuery } from '@tanstack/react-query'
import { useMay, useRefusal } from '../../api/rights'
import { meQuery } from '../../api/session'
import { Button } from '../../components/Button'
import { Card } from '../../components/Card'
import { Page } from '../../components/Page'
import { ProblemNotice } from '../../components/ProblemNotice'
import { Table } from '../../components/Table'
import { useKeys } from '../../shell/keys'
import { columns } from './columns'
import { JobFilters } from './JobFilters'
import { jobsQuery } from './jobs'
import { NewSqlJob } from './NewSqlJob'
import { NoJobs } from './NoJobs'
import { jobsRoute } from './place'

/** All jobs, newest first, as they go on. */
export function JobsPage() {
  const search = jobsRoute.useSearch()
  const { state, kind, tag, mine } = search
  const navigate = jobsRoute.useNavigate()
  const me = useQuery(meQuery).data
  const jobs = useInfiniteQuery(jobsQuery({ state, kind, tag }))
  const known = jobs.data?.pages.flatMap((page) => page.items)
  const rows = mine ? known?.filter((job) => job.owner === me?.subject) : known
  const mayRun = useMay('editor')
  const refusal = useRefusal(search.new === true, 'run jobs')
  const open = (next: boolean) => void navigate({ search: { ...search, new: next || undefined } })
  useKeys(mayRun ? [{ keys: 'n', label: 'Run SQL as a job', run: () => open(true) }] : [])
  return (
    <Page
      title="Jobs"
      about="Work that goes on when you leave: training, queries into datasets, drawing, code."
      actions={
        mayRun && (
          <Button kind="primary" keys="n" onClick={() => open(true)}>
            Run SQL as a job
          </Button>
        )
      }
    >
      {refusal && <ProblemNotice error={refusal} />}
      <JobFilters search={search} query={jobs} onChange={(next) => void navigate({ search: next, replace: true })} />
      {jobs.isError && <ProblemNotice error={jobs.error} retry={() => void jobs.refetch()} />}
      {!(jobs.isError && rows === undefined) && (
        <Card flush>
          {rows?.length === 0 ? (
            <NoJobs
              filtered={[state, kind, tag, mine].some(Boolean)}
              onClear={() => void navigate({ search: {}, replace: true })}
              onNew={mayRun ? () => open(true) : undefined}
            />
          ) : (
            <Table label="Jobs" columns={columns} rows={rows} rowKey={(job) => job.id} expected={10} />
          )}
        </Card>
      )}
      {jobs.hasNextPage && (
        <div>
          <Button busy={jobs.isFetchingNextPage} onClick={() => void jobs.fetchNextPage()}>
            Show older jobs
          </Button>
        </div>
      )}
      <NewSqlJob open={search.new === true && mayRun} onClose={() => open(false)} />
    </Page>
  )
}
