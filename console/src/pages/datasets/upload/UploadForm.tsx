import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useRef, useState } from 'react'
import { asProblem } from '../../../api/problem'
import { datasetsQuery } from '../../../api/datasets'
import { Button } from '../../../components/Button'
import { Dialog } from '../../../components/Dialog'
import { Field, Select } from '../../../components/Field'
import { bytes, counted } from '../../../components/figures'
import { ProblemNotice } from '../../../components/ProblemNotice'
import { Progress } from '../../../components/Progress'
import { toast } from '../../../components/Toasts'
import { hrefOf } from '../hrefs'
import { type Choice, formatOf, type Mode, MODES, nameFor } from './chosen'
import { KeyColumns } from './KeyColumns'
import { previewQuery } from './preview'
import { PreviewColumns } from './PreviewColumns'
import { type Transfer, transfer } from './transfer'
import { withUndo } from './undo'
import classes from './UploadForm.module.css'

interface UploadFormProps {
  open: boolean
  onClose: () => void
  file: File
  onFile: (file: File | undefined) => void
  into: string | undefined
}

const SENDS: Readonly<Record<Mode, string>> = { create: 'Upload', append: 'Add rows', upsert: 'Update rows', replace: 'Replace rows' }
const NAME = /^([A-Za-z_][A-Za-z0-9_]{0,62}\.)?[A-Za-z_][A-Za-z0-9_]{0,62}$/

/** Where the file goes, what it would make, and how far it is. */
export function UploadForm({ open, onClose, file, onFile, into }: UploadFormProps) {
  const [name, setName] = useState(into ?? nameFor(file))
  const [chosenMode, setMode] = useState<Mode>()
  const [chosenKeys, setKeys] = useState<readonly string[]>([])
  const [columns, setColumns] = useState<readonly Choice[]>([])
  const [sent, setSent] = useState<number>()
  const [error, setError] = useState<unknown>()
  const running = useRef<Transfer>(null)
  const cache = useQueryClient()
  const navigate = useNavigate()
  const existing = useQuery(datasetsQuery).data?.find((one) => one.name === name)
  const mode: Mode = existing ? (chosenMode ?? (into ? 'append' : 'create')) : 'create'
  const known = existing?.columns.map((one) => one.name) ?? []
  const keys = chosenKeys.filter((one) => known.includes(one))
  const upload = { file, name, mode, keys, columns }
  const named = NAME.test(name)
  const clash = existing !== undefined && mode === 'create'
  const placed = named && !clash && (mode !== 'upsert' || keys.length > 0)
  const preview = useQuery(previewQuery(placed ? upload : undefined))
  const sending = sent !== undefined
  const ready = placed && columns.every((one) => !one.kept || one.name.trim() !== '')
  function close() {
    running.current?.cancel()
    onClose()
  }
  // What was wrong with the upload as it was need not be wrong with it as it is now.
  function changing<T>(set: (to: T) => void) {
    return (to: T) => {
      setError(undefined)
      set(to)
    }
  }
  async function send() {
    if (!ready || sending) return
    setError(undefined)
    setSent(0)
    try {
      running.current = transfer(upload, setSent)
      const made = await running.current.done
      cache.setQueryData(['datasets', made.name], made)
      void cache.invalidateQueries({ queryKey: ['datasets'] })
      toast(`${made.name} has ${counted(made.rows, 'row')} in version ${made.version}`, withUndo(made, existing?.version))
      onClose()
      void navigate({ to: hrefOf(made.name) })
    } catch (thrown) {
      if (!(thrown instanceof DOMException && thrown.name === 'AbortError')) setError(asProblem(thrown))
    } finally {
      running.current = null
      setSent(undefined)
    }
  }
  return (
    <Dialog
      wide
      open={open}
      onClose={close}
      title={into === undefined ? 'Upload data' : `Add data to ${into}`}
      description={`${file.name}, ${bytes(file.size)}`}
      actions={
        <>
          {sending && (
            <span className={classes.progress}>
              <Progress value={file.size === 0 ? 1 : Math.min(sent / file.size, 1)} label="Upload" />
              <small>{sent < file.size ? `${bytes(sent)} of ${bytes(file.size)}` : 'Sent, being read'}</small>
            </span>
          )}
          {sending ? (
            <Button onClick={() => running.current?.cancel()}>Cancel upload</Button>
          ) : (
            <Button onClick={() => onFile(undefined)}>Another file</Button>
          )}
          <Button kind="primary" disabled={!ready} busy={sending} onClick={() => void send()}>
            {SENDS[mode]}
          </Button>
        </>
      }
    >
      <form
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault()
          void send()
        }}
      >
        <div className={classes.where}>
          <Field
            label="Dataset"
            value={name}
            spellCheck={false}
            autoFocus
            onChange={(event) => setName(event.target.value)}
            error={name !== '' && !named ? 'Letters, digits and underscores, not beginning with a digit' : undefined}
          />
          {existing && (
            <Select
              label="There is one already"
              value={mode}
              onChange={(event) => changing(setMode)(event.target.value as Mode)}
              error={clash ? `${name} exists: add to it, update it, replace it, or choose another name` : undefined}
            >
              {mode === 'create' && <option value="create">Choose what to do</option>}
              <option value="append">{MODES.append}</option>
              <option value="upsert">{MODES.upsert}</option>
              <option value="replace">{MODES.replace}</option>
            </Select>
          )}
          {mode === 'upsert' && <KeyColumns columns={known} chosen={keys} onChange={changing(setKeys)} />}
          <button type="submit" hidden aria-hidden="true" tabIndex={-1} />
        </div>
        {error !== undefined && <ProblemNotice error={error} />}
        {error === undefined && preview.isError && <ProblemNotice error={preview.error} />}
        {preview.data && !preview.isError && placed && (
          <PreviewColumns
            preview={preview.data}
            columns={columns}
            onChange={changing(setColumns)}
            refused={error !== undefined}
            fixed={formatOf(file) === 'parquet' || formatOf(file) === 'arrow'}
          />
        )}
        {preview.isLoading && <p role="status">Looking at the file</p>}
      </form>
    </Dialog>
  )
}
