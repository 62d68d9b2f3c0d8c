import type { ReactNode } from 'react'
import type { Step } from '../shell/trail'
import { Page } from './Page'
import { Skeleton } from './Skeleton'
import classes from './Skeleton.module.css'

interface WaitingPageProps {
  title: string
  above: readonly Step[]
  /** How long the sentence under the title will be, in characters. */
  about?: number
  /** How wide its buttons will be, in pixels. */
  buttons?: readonly number[]
  /** How many tabs there will be. */
  tabs?: number
  children: ReactNode
}

/** A page of a thing that is still being read, with room for all that will be there. */
export function WaitingPage({ title, above, about, buttons = [], tabs = 0, children }: WaitingPageProps) {
  const content = tabs === 0 ? children : <div><WaitingTabs count={tabs} />{children}</div>
  return (
    <Page
      title={title}
      above={above}
      about={about === undefined ? undefined : <Skeleton width={about} />}
      actions={buttons.map((width, at) => (
        <span key={at} className={classes.button} style={{ width }} aria-hidden="true" />
      ))}
    >
      {content}
    </Page>
  )
}

function WaitingTabs({ count }: { count: number }) {
  return (
    <div className={classes.tabs} aria-hidden="true">
      {Array.from({ length: count }, (_, at) => (
        <Skeleton key={at} width={7} />
      ))}
    </div>
  )
}
