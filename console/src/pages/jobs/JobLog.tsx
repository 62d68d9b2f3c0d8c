import { useLayoutEffect, useRef, useState } from 'react'
import { Download } from 'lucide-react'
import type { Job } from '../../api/types'
import { Badge } from '../../components/Badge'
import { Button } from '../../components/Button'
import { Card } from '../../components/Card'
import { CopyButton } from '../../components/CopyButton'
import { downloadBlob } from '../../components/download'
import { counted } from '../../components/figures'
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
          <CopyButton text={asText(lines)}>Copy</CopyButton>
          <Button icon={Download} onClick={() => downloadBlob(new Blob([asText(lines)], { type: 'text/plain' }), `job-${job.id}.log`)}>
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
