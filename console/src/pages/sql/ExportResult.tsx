import { useState } from 'react'
import { asProblem } from '../../api/problem'
import { Button } from '../../components/Button'
import { downloadBlob } from '../../components/download'
import { Menu, MenuItem } from '../../components/Menu'
import { toast } from '../../components/Toasts'
import { ask, type Asked } from './runs'

const FORMATS = { csv: 'CSV', parquet: 'Parquet', arrow: 'Arrow', json: 'JSON' }
const ROWS_AT_MOST = 1_000_000

/** The whole answer as a file; the query is asked again for it. */
export function ExportResult({ asked, name }: { asked: Omit<Asked, 'from'>; name: string }) {
  const [busy, setBusy] = useState(false)
  async function save(format: string) {
    setBusy(true)
    try {
      const answer = await ask(asked, { format, max_rows: ROWS_AT_MOST })
      downloadBlob(await answer.blob(), `${name.replace(/[^\w.-]+/g, '_')}.${format}`)
      const read = answer.headers.get('X-Datasets')
      if (read) toast(`Exported from ${read.replaceAll('@', ' version ')}`)
      if (answer.headers.get('X-Truncated') === 'true') toast('The file holds the first 1,000,000 rows; more follow', { bad: true })
    } catch (error) {
      toast(`Nothing was exported: ${asProblem(error).detail}`, { bad: true })
    } finally {
      setBusy(false)
    }
  }
  return (
    <Menu
      trigger={
        <Button kind="quiet" busy={busy}>
          {busy ? 'Exporting' : 'Export'}
        </Button>
      }
    >
      {Object.entries(FORMATS).map(([format, label]) => (
        <MenuItem key={format} onSelect={() => void save(format)}>
          {label}
        </MenuItem>
      ))}
    </Menu>
  )
}
