import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { covers, meQuery } from '../../api/session'
import { isTold, Waiting } from '../../components/Answer'
import { Button } from '../../components/Button'
import { Card } from '../../components/Card'
import { EmptyState } from '../../components/EmptyState'
import { counted } from '../../components/figures'
import { useNow } from '../../components/now'
import { Page } from '../../components/Page'
import { Skeleton, SkeletonBlock } from '../../components/Skeleton'
import { places } from '../../shell/places'
import { SampleData } from '../datasets/SampleData'
import { ailing, instancesQuery } from '../services/instances'
import { Attention } from './Attention'
import { Happening } from './Happening'
import { datasetsQuery, recentJobsQuery } from './holdings'
import { useHidden } from './hidden'
import { Holdings } from './Holdings'
import { lately } from './jobs'
import { ServicesCard } from './ServicesCard'
import classes from './Home.module.css'

const FIGURES = 92
const CARDS = 320

/** What the platform holds, what needs attention, what just happened. */
export function HomePage() {
  const services = useQuery(instancesQuery)
  const jobs = useQuery(recentJobsQuery)
  const datasets = useQuery(datasetsQuery)
  const empty = datasets.data?.items.length === 0
  const now = useNow()
  const ill = ailing(services.data ?? [])
  const hidden = useHidden()
  const failed = lately(jobs.data?.items ?? [], now).failed.filter((job) => !hidden.includes(job.id))
  const about = services.data && jobs.data ? mood(ill.length, failed.length) : <Skeleton width={24} />
  return (
    <Page title="Home" about={about} actions={!empty && <Actions />}>
      {/* What may stand first, when there is something to say, is known before anything is shown below it. */}
      {isTold(services) && isTold(jobs) && isTold(datasets) ? (
        <>
          <Attention ill={ill} failed={failed} />
          {empty && <Nothing />}
          <Holdings />
          <div className={classes.columns}>
            <Happening />
            <ServicesCard />
          </div>
        </>
      ) : (
        <Waiting>
          <div className={classes.rows}>
            <SkeletonBlock height={FIGURES} />
            <SkeletonBlock height={CARDS} />
          </div>
        </Waiting>
      )}
    </Page>
  )
}

function Nothing() {
  const role = useQuery(meQuery).data?.role ?? 'viewer'
  if (!covers(role, 'editor')) {
    return (
      <Card>
        <EmptyState title="No data is here yet">What an editor uploads appears here.</EmptyState>
      </Card>
    )
  }
  const actions = (
    <>
      <SampleData />
      <Actions />
    </>
  )
  return (
    <Card>
      <EmptyState title="No data is here yet" actions={actions}>
        Upload a file, start with a small sample, or run <code>datalab demo</code> in a terminal: it brings the 336,776
        flights that left New York in 2013, a model and a chart.
      </EmptyState>
    </Card>
  )
}

function mood(ill: number, failed: number): string {
  const running = ill === 0 ? 'Everything is running.' : `${counted(ill, 'instance')} not ready.`
  return failed === 0 ? running : `${running} ${counted(failed, 'job')} failed in the last 24 hours.`
}

function Actions() {
  const role = useQuery(meQuery).data?.role ?? 'viewer'
  const navigate = useNavigate()
  const commands = places
    .flatMap((place) => place.commands ?? [])
    .filter((command) => command.onHome && covers(role, command.role ?? 'viewer'))
    .toSorted((one, other) => Number(one.onHome === 'primary') - Number(other.onHome === 'primary'))
  return commands.map((command) => (
    <Button
      key={command.label}
      kind={command.onHome ?? 'plain'}
      {...(command.keys && { keys: command.keys })}
      onClick={() => command.run((href) => void navigate({ to: href }))}
    >
      {command.label}
    </Button>
  ))
}
