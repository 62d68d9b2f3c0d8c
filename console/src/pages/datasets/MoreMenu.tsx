import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Ellipsis } from 'lucide-react'
import { useState } from 'react'
import { data } from '../../api/services'
import type { Dataset } from '../../api/types'
import { Button } from '../../components/Button'
import { Dialog } from '../../components/Dialog'
import { counted } from '../../components/figures'
import { Menu, MenuItem } from '../../components/Menu'
import { ProblemNotice } from '../../components/ProblemNotice'
import { toast } from '../../components/Toasts'

/** What is seldom done to a dataset. */
export function MoreMenu({ dataset }: { dataset: Dataset }) {
  const [asking, ask] = useState(false)
  const cache = useQueryClient()
  const navigate = useNavigate()
  const remove = useMutation({
    mutationFn: () => data.DELETE('/api/v1/data/datasets/{name}', { params: { path: { name: dataset.name } } }),
    onSuccess: async () => {
      toast(`${dataset.name} was deleted`)
      await navigate({ to: '/datasets' })
      cache.removeQueries({ queryKey: ['datasets', dataset.name] })
      void cache.invalidateQueries({ queryKey: ['datasets'] })
    },
  })
  return (
    <>
      <Menu trigger={<Button icon={Ellipsis} aria-label="More" />}>
        <MenuItem bad onSelect={() => ask(true)}>
          Delete {dataset.name}
        </MenuItem>
      </Menu>
      <Dialog
        open={asking}
        onClose={() => ask(false)}
        title={`Delete ${dataset.name}`}
        description={`${counted(dataset.rows, 'row')} and ${counted(dataset.version + 1, 'version')} go with it. This can’t be undone.`}
        actions={
          <>
            <Button onClick={() => ask(false)}>Keep it</Button>
            <Button kind="danger" busy={remove.isPending} onClick={() => remove.mutate()}>
              Delete {dataset.name}
            </Button>
          </>
        }
      >
        {remove.isError && <ProblemNotice error={remove.error} />}
      </Dialog>
    </>
  )
}
