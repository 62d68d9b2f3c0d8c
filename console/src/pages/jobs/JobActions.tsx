import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { queries } from '../../api/queries'
import { asProblem } from '../../api/problem'
import { compute, take } from '../../api/services'
import { useMay } from '../../api/rights'
import type { Job } from '../../api/types'
import { Button } from '../../components/Button'
import { toast } from '../../components/Toasts'
import { hasEnded, jobQuery } from './jobs'

/** What can be done with the job: stop it, or run it again. */
export function JobActions({ job, cancelling }: { job: Job; cancelling: boolean }) {
  const mayRun = useMay('editor')
  const cancel = useMutation({
    mutationFn: () => take(compute.POST('/api/v1/compute/jobs/{job_id}/cancel', path(job))),
    onMutate: () => queries.cancelQueries({ queryKey: jobQuery(job.id).queryKey }),
    onSuccess: show,
    onError: (error) => toast(`The job goes on: ${asProblem(error).detail}`, { bad: true }),
    onSettled: renew,
  })
  if (!mayRun) return null
  if (hasEnded(job)) return failed(job) ? null : <RunAgain job={job} />
  const stopping = cancelling || cancel.isPending
  return (
    <Button busy={stopping} onClick={() => cancel.mutate()}>
      {stopping ? 'Cancelling' : 'Cancel'}
    </Button>
  )
}

/** Whether the page tells of a failure, with the button that helps beside it. */
export function failed({ state, error }: Job): boolean {
  return error !== null && state !== 'cancelled'
}

/** Runs an ended job again: a failed one under its id, one that is done as a new job, since its work is kept. */
export function RunAgain({ job }: { job: Job }) {
  const navigate = useNavigate()
  const again = useMutation({
    mutationFn: () => (job.state === 'succeeded' ? submitAnew(job) : requeue(job)),
    onSuccess: (next) => {
      show(next)
      renew()
      if (next.id !== job.id) void navigate({ to: `/jobs/${next.id}` })
    },
    onError: (error) => toast(`Not run again: ${asProblem(error).detail}`, { bad: true }),
  })
  return (
    // It comes where Cancel stood, so the second click of a double one is not for it.
    <Button busy={again.isPending} onClick={(event) => event.detail < 2 && again.mutate()}>
      Run again
    </Button>
  )
}

function requeue(job: Job): Promise<Job> {
  return take(compute.POST('/api/v1/compute/jobs/{job_id}/retry', path(job)))
}

function submitAnew({ kind, spec, queue, priority, retries, timeout_s, tags }: Job): Promise<Job> {
  const body = { kind, spec, queue, priority, retries, timeout_s, tags }
  return take(compute.POST('/api/v1/compute/jobs', { body }))
}

function path(job: Job) {
  return { params: { path: { job_id: job.id } } }
}

function show(job: Job): void {
  queries.setQueryData(jobQuery(job.id).queryKey, job)
}

function renew(): void {
  void queries.invalidateQueries({ queryKey: ['jobs'] })
}
