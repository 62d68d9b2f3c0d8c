import { useId, useState } from 'react'
import type { Model } from '../../../api/types'
import { Button } from '../../../components/Button'
import { Dialog } from '../../../components/Dialog'
import { Field } from '../../../components/Field'
import { pointAlias } from './aliases'

interface OtherAliasProps {
  model: Model
  /** The version to name; none, and nothing is asked. */
  version: number | undefined
  onClose: () => void
}

/** Asks for an alias of the reader's own. */
export function OtherAlias({ model, version, onClose }: OtherAliasProps) {
  const form = useId()
  const [alias, setAlias] = useState('')
  return (
    <Dialog
      open={version !== undefined}
      onClose={onClose}
      title={`An alias for version ${version ?? ''}`}
      actions={
        <>
          <Button onClick={onClose}>Close</Button>
          <Button kind="primary" type="submit" form={form}>
            Give it
          </Button>
        </>
      }
    >
      <form
        id={form}
        onSubmit={(event) => {
          event.preventDefault()
          if (version !== undefined) void pointAlias(model, alias, version)
          onClose()
        }}
      >
        <Field
          label="Alias"
          value={alias}
          onChange={(event) => setAlias(event.target.value)}
          required
          pattern="[a-z][a-z0-9_\-]{0,62}"
          title="A small letter first, then small letters, digits, - and _, at most 63"
          hint={model.aliases[alias] === undefined ? undefined : `It is version ${model.aliases[alias]} now.`}
          autoFocus
          autoComplete="off"
          spellCheck={false}
        />
      </form>
    </Dialog>
  )
}
