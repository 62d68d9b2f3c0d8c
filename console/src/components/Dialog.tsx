import * as Radix from '@radix-ui/react-dialog'
import { X } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button } from './Button'
import { useFocusReturn } from './focusReturn'
import classes from './Dialog.module.css'

interface DialogProps {
  open: boolean
  onClose: () => void
  title: string
  /** One sentence under the title. */
  description?: ReactNode
  /** The buttons at the end, the primary one last. */
  actions?: ReactNode
  wide?: boolean
  children?: ReactNode
}

/** A question or a form over the page. Esc closes it, and focus returns where it was. */
export function Dialog({ open, onClose, title, description, actions, wide = false, children }: DialogProps) {
  const focusReturn = useFocusReturn(open)
  return (
    <Radix.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className={classes.scrim} />
        <Radix.Content
          className={`${classes.dialog} ${wide ? classes.wide : ''}`}
          {...focusReturn}
          {...(description === undefined && { 'aria-describedby': undefined })}
        >
          <header className={classes.head}>
            <Radix.Title>{title}</Radix.Title>
            <Radix.Close asChild>
              <Button kind="quiet" icon={X} aria-label="Close" />
            </Radix.Close>
          </header>
          {description !== undefined && (
            <Radix.Description className={classes.description}>{description}</Radix.Description>
          )}
          <div className={classes.body}>{children}</div>
          {actions !== undefined && <footer className={classes.actions}>{actions}</footer>}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}
