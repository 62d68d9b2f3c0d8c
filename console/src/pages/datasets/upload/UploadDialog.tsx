import { Dialog } from '../../../components/Dialog'
import { ChooseFile } from './ChooseFile'
import { UploadForm } from './UploadForm'

interface UploadDialogProps {
  open: boolean
  onClose: () => void
  file: File | undefined
  onFile: (file: File | undefined) => void
  into: string | undefined
}

/** From a file to a version of a dataset: choose, look, send. */
export function UploadDialog({ open, onClose, file, onFile, into }: UploadDialogProps) {
  if (file) return <UploadForm key={`${file.name} ${file.size}`} open={open} onClose={onClose} file={file} onFile={onFile} into={into} />
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={into === undefined ? 'Upload data' : `Add data to ${into}`}
      description="CSV, TSV, JSON, NDJSON, Parquet or Arrow, plain or compressed with gzip or zstd."
    >
      <ChooseFile onFile={onFile} />
    </Dialog>
  )
}
