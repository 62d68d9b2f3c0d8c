import { useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useId, useState } from 'react'
import { datasetsQuery } from '../../../api/datasets'
import { queries } from '../../../api/queries'
import { ai, take } from '../../../api/services'
import { Button, LinkButton } from '../../../components/Button'
import { Dialog } from '../../../components/Dialog'
import { EmptyState } from '../../../components/EmptyState'
import { ProblemNotice } from '../../../components/ProblemNotice'
import { SkeletonBlock } from '../../../components/Skeleton'
import { asked, type Choices, startWith } from './choices'
import { TrainFields } from './TrainFields'
import classes from '../Models.module.css'

interface TrainDialogProps {
  open: boolean
  dataset: string | undefined
  target: string | undefined
  onClose: () => void
}

/** Asks in a few choices what to learn from what, then trains as a job and goes there. */
export function TrainDialog({ open, dataset, target, onClose }: TrainDialogProps) {
  const form = useId()
  const navigate = useNavigate()
  const [choices, choose] = useState<Choices>(startWith(dataset, target))
  const datasets = useQuery({ ...datasetsQuery, enabled: open })
  const train = useMutation({
    mutationFn: () =>
      take(
        ai.POST('/api/v1/ai/models/{name}/train', {
          params: { path: { name: choices.name } },
          body: asked(choices, datasets.data ?? []),
        }),
      ),
    onSuccess: (job) => {
      void queries.invalidateQueries({ queryKey: ['jobs'] })
      void navigate({ to: `/jobs/${job.id}` })
    },
  })
  const nothing = datasets.data?.length === 0
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title="Train a model"
      description="It runs as a job: candidates are tried, and the best is judged on rows held out."
      wide
      actions={
        !nothing && (
          <>
            <Button onClick={onClose}>Close</Button>
            <Button kind="primary" type="submit" form={form} busy={train.isPending || !choices.target}>
              Train
            </Button>
          </>
        )
      }
    >
      {nothing ? (
        <EmptyState title="No data to learn from" actions={<LinkButton href="/datasets?upload=1">Upload data</LinkButton>}>
          A model learns from a dataset.
        </EmptyState>
      ) : (
        <form
          id={form}
          className={classes.form}
          onSubmit={(event) => {
            event.preventDefault()
            if (choices.target) train.mutate()
          }}
        >
          {datasets.isError && <ProblemNotice error={datasets.error} retry={() => void datasets.refetch()} />}
          {datasets.data ? (
            <TrainFields datasets={datasets.data} choices={choices} onChange={choose} />
          ) : (
            <SkeletonBlock height={240} />
          )}
          {train.isError && <ProblemNotice error={train.error} />}
        </form>
      )}
    </Dialog>
  )
}
