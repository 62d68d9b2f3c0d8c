import * as Radix from '@radix-ui/react-dialog'
import type { ReactNode } from 'react'
import { useFocusReturn } from '../components/focusReturn'
import classes from './Drawer.module.css'

/** The sidebar where there is no room for it. */
export function Drawer({ open, onClose, children }: { open: boolean; onClose: () => void; children: ReactNode }) {
  const focusReturn = useFocusReturn(open)
  return (
    <Radix.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className={classes.scrim} />
        <Radix.Content className={classes.drawer} aria-describedby={undefined} {...focusReturn}>
          <Radix.Title className="visually-hidden">Places</Radix.Title>
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}
