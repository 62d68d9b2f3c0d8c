import type { Job } from '../../api/types'

const DAY_MS = 86_400_000
const NAMES = ['name', 'into', 'dataset', 'model', 'chart', 'dashboard'] as const

/** What the job is about: the thing that its spec names, else nothing. */
export function subject(job: Job): string | undefined {
  const found = NAMES.map((name) => job.spec[name]).find((value) => typeof value === 'string')
  return typeof found === 'string' ? found : undefined
}

/** When the job last changed. */
export function changedAt(job: Job): string {
  return job.finished_at ?? job.started_at ?? job.created_at
}

/** The jobs that failed for good within the last day. */
export function lately(jobs: readonly Job[], now: number): { ended: readonly Job[]; failed: readonly Job[] } {
  const ended = jobs.filter((job) => job.finished_at && now - Date.parse(job.finished_at) < DAY_MS)
  return { ended, failed: ended.filter((job) => job.state === 'failed' || job.state === 'dead') }
}
