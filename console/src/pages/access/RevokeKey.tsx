import { useMutation } from '@tanstack/react-query'
import { Button } from '../../components/Button'
import { Dialog } from '../../components/Dialog'
import { ProblemNotice } from '../../components/ProblemNotice'
import { toast } from '../../components/Toasts'
import { queries } from '../../api/queries'
import { gateway } from '../../api/services'
import type { ApiKey } from './types'

/** Asks before a key ends, since that can't be undone. */
export function RevokeKey({ apiKey, onClose }: { apiKey: ApiKey | undefined; onClose: () => void }) {
  return apiKey ? <Asked key={apiKey.id} apiKey={apiKey} onClose={onClose} /> : null
}

function Asked({ apiKey, onClose }: { apiKey: ApiKey; onClose: () => void }) {
  const revoke = useMutation({
    mutationFn: () => gateway.DELETE('/api/v1/auth/api-keys/{key_id}', { params: { path: { key_id: apiKey.id } } }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['api-keys'] })
      toast(`The key ${apiKey.name} was revoked`)
      onClose()
    },
  })
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Revoke the key ${apiKey.name}`}
      description="Whatever uses it is refused from now on. This can’t be undone."
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="danger" busy={revoke.isPending} onClick={() => revoke.mutate()}>
            Revoke {apiKey.name}
          </Button>
        </>
      }
    >
      {revoke.isError && <ProblemNotice error={revoke.error} />}
    </Dialog>
  )
}
