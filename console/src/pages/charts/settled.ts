import { useEffect, useState } from 'react'
import type { Draft } from './draft'

const PAUSE_MS = 400

/** The draft at once, except its query, which is asked only when the typing has paused. */
export function useSettled(draft: Draft): Draft {
  const [sql, setSql] = useState(draft.sql)
  useEffect(() => {
    const timer = setTimeout(() => setSql(draft.sql), PAUSE_MS)
    return () => clearTimeout(timer)
  }, [draft.sql])
  return sql === null || draft.sql === null ? draft : { ...draft, sql }
}
