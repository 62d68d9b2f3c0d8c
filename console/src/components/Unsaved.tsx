import { useBlocker } from '@tanstack/react-router'
import { Button } from './Button'
import { Dialog } from './Dialog'

/** Asks before the page is left while there is something unsaved; navigate with `ignoreBlocker` once it is saved. */
export function Unsaved({ when }: { when: boolean }) {
  const blocker = useBlocker({ shouldBlockFn: () => when, enableBeforeUnload: () => when, withResolver: true })
  return (
    <Dialog
      open={blocker.status === 'blocked'}
      onClose={() => blocker.reset?.()}
      title="Leave without saving?"
      description="Your changes would be lost."
      actions={
        <>
          <Button onClick={() => blocker.proceed?.()}>Leave</Button>
          <Button kind="primary" onClick={() => blocker.reset?.()}>
            Stay
          </Button>
        </>
      }
    />
  )
}
