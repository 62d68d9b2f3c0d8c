import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, type ReactNode, useState } from 'react'
import { asProblem } from '../../api/problem'
import { data, take } from '../../api/services'
import type { Dataset } from '../../api/types'
import { Button } from '../../components/Button'
import { Field } from '../../components/Field'
import { toast } from '../../components/Toasts'
import classes from './DatasetPage.module.css'

interface DescriptionProps {
  dataset: Dataset
  mayWrite: boolean
  /** What stands after it. */
  children: ReactNode
}

/** What the dataset is about, changed where it stands. */
export function Description({ dataset, mayWrite, children }: DescriptionProps) {
  const [draft, setDraft] = useState<string>()
  const cache = useQueryClient()
  const key = ['datasets', dataset.name]
  const save = useMutation({
    mutationFn: (description: string) =>
      take(
        data.PATCH('/api/v1/data/datasets/{name}', { params: { path: { name: dataset.name } }, body: { description } }),
      ),
    onMutate: (description) => cache.setQueryData(key, { ...dataset, description }),
    onError: (error) => {
      cache.setQueryData(key, dataset)
      toast(`The description stays as it was: ${asProblem(error).detail}`, { bad: true })
    },
    onSuccess: () => void cache.invalidateQueries({ queryKey: ['datasets'] }),
  })
  function submit(event: FormEvent) {
    event.preventDefault()
    if (draft !== undefined && draft !== dataset.description) save.mutate(draft)
    setDraft(undefined)
  }
  if (draft === undefined) {
    return (
      <>
        {dataset.description && <>{dataset.description.replace(/([^.!?])$/, '$1.')} </>}
        {children}{' '}
        {mayWrite && (
          <button type="button" className={classes.edit} onClick={() => setDraft(dataset.description)}>
            {dataset.description ? 'Edit description' : 'Describe it'}
          </button>
        )}
      </>
    )
  }
  return (
    <form className={classes.describe} onSubmit={submit}>
      <Field
        label="Description"
        value={draft}
        maxLength={10_000}
        autoFocus
        onChange={(event) => setDraft(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return
          event.preventDefault()
          setDraft(undefined)
        }}
      />
      <Button type="submit">Save</Button>
      <Button kind="quiet" onClick={() => setDraft(undefined)}>
        Cancel
      </Button>
    </form>
  )
}
