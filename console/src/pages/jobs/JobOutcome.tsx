import { Problem } from '../../api/problem'
import type { Job } from '../../api/types'
import { LinkButton } from '../../components/Button'
import { Card } from '../../components/Card'
import { ProblemNotice } from '../../components/ProblemNotice'
import { Facts } from './Facts'
import { failed, RunAgain } from './JobActions'
import { hasEnded } from './jobs'
import { ResultRows, rowsOf } from './ResultRows'
import { madeBy } from '../../api/jobSubject'
import classes from './JobPage.module.css'

/** What came of the job: what it made, or why it failed. */
export function JobOutcome({ job }: { job: Job }) {
  if (job.error && failed(job)) return <Failure job={job} code={job.error.code} detail={job.error.detail} />
  if (job.state !== 'succeeded' || job.result === null) return null
  const made = madeBy(job)
  return (
    <Card
      title="Result"
      aside={
        made && (
          <LinkButton href={made.href}>
            Open {made.kind} {made.name}
          </LinkButton>
        )
      }
    >
      <Result result={job.result} />
    </Card>
  )
}

function Failure({ job, code, detail }: { job: Job; code: string; detail: string }) {
  const title = hasEnded(job) ? 'The job failed' : `Attempt ${job.attempt} failed, another follows`
  return (
    <ProblemNotice
      error={new Problem(0, { title: `${title} (${code})`, detail, code })}
      action={hasEnded(job) ? <RunAgain job={job} /> : undefined}
    />
  )
}

function Result({ result }: { result: Record<string, unknown> }) {
  const rows = rowsOf(result)
  if (rows) return <ResultRows rows={rows} />
  const entries = Object.entries(result)
  const plain = entries.filter(([, value]) => typeof value !== 'object' || value === null)
  const deep = entries.filter(([, value]) => typeof value === 'object' && value !== null)
  return (
    <div className={classes.result}>
      <Facts wide facts={plain.map(([name, value]) => ({ name: name.replaceAll('_', ' '), value: shown(value) }))} />
      {deep.map(([name, value]) => (
        <details key={name}>
          <summary>{name.replaceAll('_', ' ')}</summary>
          <pre className={classes.code} tabIndex={0}>
            {JSON.stringify(value, null, 2)}
          </pre>
        </details>
      ))}
    </div>
  )
}

function shown(value: unknown): string {
  return typeof value === 'number' ? value.toLocaleString() : String(value)
}
