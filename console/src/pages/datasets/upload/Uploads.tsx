import { useState } from 'react'
import { DropAnywhere } from './DropAnywhere'
import { UploadDialog } from './UploadDialog'

interface UploadsProps {
  open: boolean
  onOpen: () => void
  onClose: () => void
  /** The dataset that is looked at, to which rows may be added. */
  into?: string
}

/** Files come in: dropped anywhere on the page, or chosen. */
export function Uploads({ open, onOpen, onClose, into }: UploadsProps) {
  const [file, setFile] = useState<File>()
  function close() {
    setFile(undefined)
    onClose()
  }
  return (
    <>
      <DropAnywhere
        onFile={(dropped) => {
          setFile(dropped)
          onOpen()
        }}
      />
      <UploadDialog open={open} onClose={close} file={file} onFile={setFile} into={into} />
    </>
  )
}
