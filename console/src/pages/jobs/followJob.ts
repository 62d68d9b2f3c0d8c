import type { components } from '../../api/schema/compute'

export type JobEvent = components['schemas']['JobEvent']

const KINDS = ['state', 'progress', 'log']
const TOGETHER_MS = 50

/** How the stream is: `closed` when the platform has nothing more to tell, or refused. */
export type Link = 'connecting' | 'following' | 'lost' | 'closed'

interface Listener {
  onEvents: (events: JobEvent[]) => void
  onLink: (link: Link) => void
}

/**
 * Follow what happens to the job from the event `after`; gives what ends it. A stream that breaks is taken up where it
 * broke, by the browser itself (Last-Event-ID). Events that come at once are told at once.
 */
export function followJob(id: string, after: number, { onEvents, onLink }: Listener): () => void {
  const source = new EventSource(`/api/v1/compute/jobs/${encodeURIComponent(id)}/events?after=${after}`)
  let waiting: JobEvent[] = []
  let timer: ReturnType<typeof setTimeout> | undefined
  const flush = () => {
    timer = undefined
    if (waiting.length > 0) onEvents(waiting)
    waiting = []
  }
  for (const kind of KINDS)
    source.addEventListener(kind, (event: MessageEvent<string>) => {
      waiting.push(JSON.parse(event.data) as JobEvent)
      timer ??= setTimeout(flush, TOGETHER_MS)
    })
  source.addEventListener('open', () => onLink('following'))
  source.addEventListener('error', () => {
    flush()
    onLink(source.readyState === EventSource.CLOSED ? 'closed' : 'lost')
  })
  onLink('connecting')
  return () => {
    clearTimeout(timer)
    source.close()
  }
}
