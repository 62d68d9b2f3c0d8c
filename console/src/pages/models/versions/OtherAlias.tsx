import { useState } from 'react'
import type { Model } from '../../../api/types'
import { Field } from '../../../components/Field'
import { FormDialog } from '../../../components/FormDialog'
import { pointAlias } from './aliases'

interface OtherAliasProps {
  model: Model
  /** The version to name. */
  version: number
  onClose: () => void
}

/** Asks for an alias of the reader's own. */
export function OtherAlias({ model, version, onClose }: OtherAliasProps) {
  const [alias, setAlias] = useState('')
  function give() {
    void pointAlias(model, alias, version)
    onClose()
  }
  return (
    <FormDialog onClose={onClose} title={`An alias for version ${version}`} submit="Give it" onSubmit={give}>
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
    </FormDialog>
  )
}
