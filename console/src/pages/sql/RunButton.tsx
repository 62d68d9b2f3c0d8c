import { useEffect, useState } from 'react'
import { Button } from '../../components/Button'
import { duration } from '../../components/figures'
import type { Run } from './runs'
import classes from './SqlPage.module.css'

const TICK_MS = 100

/** Runs the query; while it runs, says for how long, and stops it. */
export function RunButton({ run, onRun, onCancel }: { run: Run | undefined; onRun: () => void; onCancel: () => void }) {
  if (run?.state !== 'running') {
    return (
      <div className={classes.run}>
        <Button kind="primary" keys="mod+enter" onClick={onRun}>
          Run
        </Button>
      </div>
    )
  }
  return (
    <div className={classes.run}>
      <Elapsed since={run.since} />
      <Button keys="escape" onClick={onCancel}>
        Cancel
      </Button>
    </div>
  )
}

function Elapsed({ since }: { since: number }) {
  const [now, setNow] = useState(() => performance.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(performance.now()), TICK_MS)
    return () => clearInterval(timer)
  }, [])
  return <span className={classes.elapsed}>{duration(Math.max(Math.round((now - since) / TICK_MS) * TICK_MS, 0))}</span>
}
