import { Dialog } from '../../components/Dialog'
import { shortType } from '../../components/columnKind'
import { Num } from '../../components/figures'
import { shownValue } from '../../components/value'
import { usePut } from './link'
import { datasetRoute } from './place'
import classes from './RowsTab.module.css'

interface RowDialogProps {
  columns: readonly { name: string; type: string }[]
  row: readonly unknown[] | undefined
  number: number | undefined
}

/** All values of one row, whole. */
export function RowDialog({ columns, row, number = 0 }: RowDialogProps) {
  const { open } = datasetRoute.useSearch()
  const put = usePut()
  return (
    <Dialog
      wide
      open={open !== undefined && row !== undefined}
      onClose={() => put({ open: undefined })}
      title="Row"
      description={<>Number <Num value={number + 1} /> of what is seen.</>}
    >
      <dl className={classes.values}>
        {columns.map((column, index) => (
          <div key={column.name} style={{ display: 'contents' }}>
            <dt>
              {column.name} <code>{shortType(column.type)}</code>
            </dt>
            <dd>{row?.[index] == null ? 'null' : shownValue(row[index], column.type, column.name)}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  )
}
