import { Button, LinkButton } from '../../components/Button'
import { EmptyState } from '../../components/EmptyState'

interface NoJobsProps {
  filtered: boolean
  onClear: () => void
  onNew: (() => void) | undefined
}

/** No job is listed: none there is, or none that the filters leave. */
export function NoJobs({ filtered, onClear, onNew }: NoJobsProps) {
  if (filtered)
    return (
      <EmptyState title="No such jobs" actions={<Button onClick={onClear}>Show all jobs</Button>}>
        The filters leave none of the jobs that were looked through.
      </EmptyState>
    )
  return (
    <EmptyState
      title="No jobs yet"
      actions={
        onNew && (
          <>
            <Button onClick={onNew}>Run SQL as a job</Button>
            <LinkButton href="/models?train=true">Train a model</LinkButton>
          </>
        )
      }
    >
      A job does long work in the background and keeps its log. Sample data with jobs comes from{' '}
      <code>datalab demo</code> in a terminal.
    </EmptyState>
  )
}
