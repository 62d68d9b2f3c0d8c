import { useState } from 'react'
import { TextArea } from '../../components/Field'
import { FormDialog } from '../../components/FormDialog'
import classes from './Dashboards.module.css'

interface WriteTextProps {
  /** As it is now; empty for a new one. */
  text: string
  onText: (text: string) => void
  onClose: () => void
}

/** Asks for a text beside the charts. */
export function WriteText({ text, onText, onClose }: WriteTextProps) {
  const [draft, setDraft] = useState(text)
  function done() {
    onText(draft)
    onClose()
  }
  return (
    <FormDialog
      wide
      onClose={onClose}
      title={text ? 'Change the text' : 'Add a text'}
      description="In Markdown: # heading, **bold**, - list, [link](https://…)."
      submit={text ? 'Change it' : 'Add it'}
      ready={draft.trim() !== ''}
      onSubmit={done}
    >
      <div className={classes.writing}>
        <TextArea label="Text" required autoFocus maxLength={10_000} value={draft} onChange={(event) => setDraft(event.target.value)} />
      </div>
    </FormDialog>
  )
}
