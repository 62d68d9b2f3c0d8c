import type { Job } from '../../api/types'

const DAY_MS = 86_400_000

/** When the job last changed. */
export function changedAt(job: Job): string {
  return job.finished_at ?? job.started_at ?? job.created_at
}

/** The jobs that failed for good within the last day. */
export function lately(jobs: readonly Job[], now: number): { ended: readonly Job[]; failed: readonly Job[] } {
  const ended = jobs.filter((job) => job.finished_at && now - Date.parse(job.finished_at) < DAY_MS)
  return { ended, failed: ended.filter((job) => job.state === 'failed' || job.state === 'dead') }
}
