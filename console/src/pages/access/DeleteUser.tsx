import { useMutation } from '@tanstack/react-query'
import { Button } from '../../components/Button'
import { Dialog } from '../../components/Dialog'
import { ProblemNotice } from '../../components/ProblemNotice'
import { toast } from '../../components/Toasts'
import { queries } from '../../api/queries'
import { gateway } from '../../api/services'
import type { User } from './types'

/** Asks before an account goes, since that can't be undone. */
export function DeleteUser({ user, onClose }: { user: User | undefined; onClose: () => void }) {
  return user ? <Asked key={user.id} user={user} onClose={onClose} /> : null
}

function Asked({ user, onClose }: { user: User; onClose: () => void }) {
  const remove = useMutation({
    mutationFn: () => gateway.DELETE('/api/v1/auth/users/{user_id}', { params: { path: { user_id: user.id } } }),
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['users'] })
      toast(`${user.name} was deleted`)
      onClose()
    },
  })
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Delete ${user.name}`}
      description="The account goes with its API keys, and its sign-ins end. This can’t be undone; disabling it can."
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="danger" busy={remove.isPending} onClick={() => remove.mutate()}>
            Delete {user.name}
          </Button>
        </>
      }
    >
      {remove.isError && <ProblemNotice error={remove.error} />}
    </Dialog>
  )
}
