import { useLayoutEffect, useRef, useState } from 'react'
import { Copy, Download } from 'lucide-react'
import type { Job } from '../../api/types'
import { Badge } from '../../components/Badge'
import { Button } from '../../components/Button'
import { Card } from '../../components/Card'
import { counted } from '../../components/figures'
import { toast } from '../../components/Toasts'
import { hasEnded } from './jobs'
import { asText, LogLine, tells } from './LogLine'
import type { Followed } from './useJobEvents'
import classes from './JobLog.module.css'

const MOST_SHOWN = 2_000
const NEAR_PX = 24

/** What the job says as it goes on. Follows the end until the reader scrolls up. */
export function JobLog({ job, followed }: { job: Job; followed: Followed }) {
  const lines = followed.events.filter(tells)
  const shown = lines.slice(-MOST_SHOWN)
  const box = useRef<HTMLDivElement>(null)
  const [atEnd, setAtEnd] = useState(true)
  useLayoutEffect(() => {
    if (atEnd && box.current) box.current.scrollTop = box.current.scrollHeight
  }, [atEnd, lines.length])
  return (
    <Card
      flush
      title="Log"
      aside={
        <div className={classes.tools}>
          {atEnd ? <LinkState ended={hasEnded(job)} followed={followed} /> : <Button onClick={() => setAtEnd(true)}>Follow</Button>}
          <Button kind="quiet" icon={Copy} aria-label="Copy the log" onClick={() => void copy(asText(lines))} />
          <Button kind="quiet" icon={Download} onClick={() => download(`job-${job.id}.log`, asText(lines))}>
            Download
          </Button>
        </div>
      }
    >
      <div
        ref={box}
        className={`${classes.box} ${hasEnded(job) ? classes.ended : ''}`}
        role="region"
        aria-label="Log"
        tabIndex={0}
        onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) =>
          setAtEnd(scrollHeight - scrollTop - clientHeight < NEAR_PX)
        }
      >
        {lines.length > shown.length && (
          <p className={classes.note}>{counted(lines.length - shown.length, 'earlier line')} in the download</p>
        )}
        {shown.map((event) => (
          <LogLine key={event.sequence} event={event} />
        ))}
      </div>
    </Card>
  )
}

function LinkState({ ended, followed: { link } }: { ended: boolean; followed: Followed }) {
  if (ended) return <Badge>ended</Badge>
  if (link === 'following') return <Badge tone="accent">following</Badge>
  return <Badge tone="warn">{link === 'connecting' ? 'connecting' : 'lost, trying again'}</Badge>
}

async function copy(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text)
    toast('The log was copied')
  } catch {
    toast('This browser lets no page copy here. Download the log instead.', { bad: true })
  }
}

function download(name: string, text: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([text], { type: 'text/plain' }))
  link.download = name
  link.click()
  URL.revokeObjectURL(link.href)
}
