import { Button } from '../../components/Button'
import { CopyButton } from '../../components/CopyButton'
import { Dialog } from '../../components/Dialog'
import classes from './Access.module.css'
import type { NewApiKey } from './types'

/** A new key's secret: seen now and never again. */
export function ShownSecret({ made, onClose }: { made: NewApiKey; onClose: () => void }) {
  return (
    <Dialog
      open
      onClose={onClose}
      title={`The key ${made.name} is made`}
      description="Copy its secret now: it is not kept, so it can’t be shown again."
      actions={
        <>
          <CopyButton text={made.token}>Copy the secret</CopyButton>
          <Button kind="primary" onClick={onClose}>
            Done
          </Button>
        </>
      }
    >
      <div className={classes.stack}>
        <code className={classes.secret}>{made.token}</code>
        <p className={classes.soft}>
          A program finds it in <code>DATALAB_TOKEN</code>; in a request it is <code>Authorization: Bearer …</code>.
        </p>
      </div>
    </Dialog>
  )
}
