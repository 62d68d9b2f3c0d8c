import { useEffect, useRef, useState } from 'react'
import { queries } from '../../api/queries'
import type { Job } from '../../api/types'
import { followJob, type JobEvent, type Link } from './followJob'
import { jobQuery } from './jobs'

const FIRST_PAUSE_MS = 1_000
const LONGEST_PAUSE_MS = 30_000

export interface Followed {
  events: readonly JobEvent[]
  link: Link
  /** When the stream last told something, in milliseconds; 0 before. */
  heardAt: number
}

/**
 * What happened to the job and goes on happening; keeps the cached job up to date with it. A job that has ended and of
 * whose last attempt nothing was heard ran again in between.
 */
export function useJobEvents({ id, attempt }: Job, ended: boolean): Followed {
  const [events, setEvents] = useState<readonly JobEvent[]>([])
  const [link, setLink] = useState<Link>('connecting')
  const [heardAt, setHeardAt] = useState(0)
  const [round, setRound] = useState(0)
  const last = useRef(0)
  const pause = useRef(FIRST_PAUSE_MS)
  useEffect(
    () =>
      followJob(id, last.current, {
        onLink: (next) => {
          setLink(next)
          if (next === 'following') setHeardAt(Date.now())
        },
        onEvents: (came) => {
          const fresh = came.filter((event) => event.sequence > last.current)
          if (fresh.length === 0) return
          last.current = fresh.at(-1)?.sequence ?? last.current
          pause.current = FIRST_PAUSE_MS
          setHeardAt(Date.now())
          setEvents((before) => [...before, ...fresh])
          tellCache(id, fresh)
        },
      }),
    [id, round],
  )
  const complete = ended && attempt <= (events.at(-1)?.attempt ?? 0)
  useEffect(() => {
    if (link !== 'closed' || complete) return
    const timer = setTimeout(() => setRound((before) => before + 1), pause.current)
    pause.current = Math.min(LONGEST_PAUSE_MS, pause.current * 2)
    return () => clearTimeout(timer)
  }, [link, complete])
  return { events, link, heardAt }
}

function tellCache(id: string, events: readonly JobEvent[]): void {
  const progress = events.findLast((event) => event.kind === 'progress')
  if (progress)
    queries.setQueryData<Job>(jobQuery(id).queryKey, (job) =>
      job?.state === 'running' && job.attempt === progress.attempt
        ? { ...job, progress: progress.progress ?? job.progress, progress_message: progress.message ?? job.progress_message }
        : job,
    )
  if (events.some((event) => event.kind === 'state')) void queries.invalidateQueries({ queryKey: ['jobs'] })
}
