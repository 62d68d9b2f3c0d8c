import type { JobState } from './types'
import type { Tone } from '../components/Badge'

/** Where a job stands, in a word. */
export const STATE_WORDS: Record<JobState, string> = {
  queued: 'queued',
  running: 'running',
  succeeded: 'done',
  failed: 'failed',
  cancelled: 'cancelled',
  dead: 'given up',
}

export const STATE_TONES: Record<JobState, Tone> = {
  queued: 'neutral',
  running: 'info',
  succeeded: 'good',
  failed: 'bad',
  cancelled: 'neutral',
  dead: 'bad',
}
