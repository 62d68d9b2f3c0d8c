import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { MoreHorizontal } from 'lucide-react'
import { useState } from 'react'
import { asProblem } from '../../api/problem'
import type { components } from '../../api/schema/ai'
import { ai, compute, take } from '../../api/services'
import { useMay } from '../../api/rights'
import type { Model } from '../../api/types'
import { Button } from '../../components/Button'
import { Menu, MenuItem } from '../../components/Menu'
import { toast } from '../../components/Toasts'
import { DeleteModel } from './DeleteModel'
import type { ModelVersion } from './models'

type TrainRequest = components['schemas']['TrainRequest']

/** What can be done with the model. */
export function ModelActions({ model, version }: { model: Model; version: ModelVersion | undefined }) {
  const [deleting, setDeleting] = useState(false)
  const navigate = useNavigate()
  const mayWrite = useMay('editor')
  const again = useMutation({
    mutationFn: trainAgain,
    onSuccess: (job) => void navigate({ to: `/jobs/${job.id}` }),
    onError: (error) => toast(`Not trained again: ${asProblem(error).detail}`, { bad: true }),
  })
  if (!mayWrite) return null
  return (
    <>
      {version?.job_id !== null && (
        <Button busy={again.isPending} disabled={!version} onClick={() => version && again.mutate(version)}>
          Train again
        </Button>
      )}
      <Menu trigger={<Button icon={MoreHorizontal} aria-label="More" />}>
        <MenuItem bad onSelect={() => setDeleting(true)}>
          Delete the model
        </MenuItem>
      </Menu>
      <DeleteModel open={deleting} model={model} onClose={() => setDeleting(false)} />
    </>
  )
}

/** As this version was asked for, from the data as it is now. */
async function trainAgain({ model, job_id }: ModelVersion) {
  const job = await take(
    compute.GET('/api/v1/compute/jobs/{job_id}', { params: { path: { job_id: job_id ?? '' } } }),
  )
  const { model: _, ...request } = job.spec
  return take(
    ai.POST('/api/v1/ai/models/{name}/train', { params: { path: { name: model } }, body: request as TrainRequest }),
  )
}
