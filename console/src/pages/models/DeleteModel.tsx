import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useId, useState } from 'react'
import { queries } from '../../api/queries'
import { ai } from '../../api/services'
import type { Model } from '../../api/types'
import { Button } from '../../components/Button'
import { Dialog } from '../../components/Dialog'
import { Field } from '../../components/Field'
import { counted } from '../../components/figures'
import { ProblemNotice } from '../../components/ProblemNotice'
import { toast } from '../../components/Toasts'
import { modelsQuery } from './models'
import classes from './Models.module.css'

/** Deletes the model for good, once its name has been typed. */
export function DeleteModel({ open, model, onClose }: { open: boolean; model: Model; onClose: () => void }) {
  const form = useId()
  const navigate = useNavigate()
  const [typed, setTyped] = useState('')
  const remove = useMutation({
    mutationFn: () => ai.DELETE('/api/v1/ai/models/{name}', { params: { path: { name: model.name } } }),
    onSuccess: async () => {
      queries.setQueryData(modelsQuery.queryKey, (models) => models?.filter((one) => one.name !== model.name))
      await navigate({ to: '/models' })
      queries.removeQueries({ queryKey: ['models', model.name] })
      toast(`${model.name} was deleted`)
    },
  })
  const agrees = typed === model.name
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={`Delete ${model.name}`}
      description={`Its ${counted(model.latest_version, 'version')} and aliases go too, and predictions by it end. This can’t be undone.`}
      actions={
        <>
          <Button onClick={onClose}>Keep it</Button>
          <Button kind="danger" type="submit" form={form} busy={remove.isPending || !agrees}>
            Delete for good
          </Button>
        </>
      }
    >
      <form
        id={form}
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault()
          if (agrees) remove.mutate()
        }}
      >
        <Field
          label={`Type ${model.name} to delete it`}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          autoFocus
          autoComplete="off"
          spellCheck={false}
        />
        {remove.isError && <ProblemNotice error={remove.error} />}
      </form>
    </Dialog>
  )
}
