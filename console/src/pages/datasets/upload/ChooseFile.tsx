import { useRef } from 'react'
import { Button } from '../../../components/Button'
import { ACCEPTED } from './chosen'
import classes from './UploadForm.module.css'

/** Where a file is chosen, or dropped. */
export function ChooseFile({ onFile }: { onFile: (file: File) => void }) {
  const input = useRef<HTMLInputElement>(null)
  return (
    <div className={classes.choose}>
      <input
        ref={input}
        type="file"
        aria-label="File"
        className="visually-hidden"
        tabIndex={-1}
        accept={ACCEPTED}
        onChange={(event) => {
          const file = event.target.files?.[0]
          if (file) onFile(file)
        }}
      />
      <Button kind="primary" autoFocus onClick={() => input.current?.click()}>
        Choose a file
      </Button>
      <p>or drop one anywhere on the page. Nothing is stored before you have seen it.</p>
    </div>
  )
}
