import type { UploadPreview } from '../../../api/types'
import { counted } from '../../../components/figures'
import { DataTable } from '../../../components/DataTable'
import { type Choice, TYPES } from './chosen'
import classes from './UploadForm.module.css'

interface PreviewColumnsProps {
  preview: UploadPreview
  columns: readonly Choice[]
  onChange: (columns: readonly Choice[]) => void
  /** The file itself says the types. */
  fixed: boolean
  /** What is wrong is told already. */
  refused: boolean
}

/** The columns as they would be, to be changed, over the first rows. */
export function PreviewColumns({ preview, columns, onChange, fixed, refused }: PreviewColumnsProps) {
  const known = columns.length > 0 ? columns : preview.columns.map((one) => ({ source: one.source, name: one.name, type: undefined, kept: true }))
  const change = (source: string, to: Partial<Choice>) =>
    onChange(known.map((one) => (one.source === source ? { ...one, ...to } : one)))
  return (
    <>
      {!refused && preview.problems.length > 0 && (
        <div className={classes.problems} role="alert">
          <strong>{counted(preview.problems.length, 'value')} would be refused</strong>
          <ul>
            {preview.problems.slice(0, 8).map((one) => (
              <li key={`${one.where} ${one.what}`}>
                <code>{one.where}</code> {one.what}
                {one.got && (
                  <>
                    : <code>{one.got}</code>
                  </>
                )}
              </li>
            ))}
          </ul>
        </div>
      )}
      {preview.missing.length > 0 && (
        <p className={classes.note}>Not in the file, and empty in its rows: {preview.missing.join(', ')}.</p>
      )}
      <div className={classes.columns} role="group" aria-label="Columns">
        {known.map((one) => {
          const seen = preview.columns.find((column) => column.source === one.source)
          return (
            <div key={one.source} className={classes.column}>
              <label className={classes.kept}>
                <input
                  type="checkbox"
                  checked={one.kept}
                  onChange={(event) => change(one.source, { kept: event.target.checked })}
                />
                <code>{one.source}</code>
              </label>
              <input
                aria-label={`Name of ${one.source}`}
                value={one.name}
                disabled={!one.kept}
                spellCheck={false}
                onChange={(event) => change(one.source, { name: event.target.value })}
              />
              <select
                aria-label={`Type of ${one.source}`}
                value={one.type ?? ''}
                disabled={!one.kept || fixed}
                onChange={(event) => change(one.source, { type: event.target.value || undefined })}
              >
                <option value="">{one.type === undefined && seen ? `${seen.type}, found` : 'as found'}</option>
                {TYPES.map((type) => (
                  <option key={type} value={type}>
                    {type}
                  </option>
                ))}
              </select>
              <small className={classes.hint}>
                {seen?.nearly
                  ? `nearly ${seen.nearly.type}: row ${seen.nearly.row} has “${seen.nearly.got}”`
                  : seen && seen.nulls > 0
                    ? `${counted(seen.nulls, 'value')} missing`
                    : ''}
              </small>
            </div>
          )
        })}
      </div>
      <p className={classes.note}>
        {preview.partial ? `The first ${counted(preview.rows_read, 'row')} of the file were looked at.` : `${counted(preview.rows_read, 'row')} in the file.`}
      </p>
      <div className={classes.rows}>
        <DataTable label="First rows" columns={preview.columns} rows={preview.rows.slice(0, 8)} />
      </div>
    </>
  )
}
