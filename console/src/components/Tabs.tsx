import * as Radix from '@radix-ui/react-tabs'
import type { ReactNode } from 'react'
import classes from './Tabs.module.css'

export interface Tab<Name extends string> {
  name: Name
  label: string
  /** How many there are. */
  count?: ReactNode
  content: ReactNode
}

interface TabsProps<Name extends string> {
  label: string
  tabs: readonly Tab<Name>[]
  /** From the link's search, so that the tab is part of the link. */
  selected: Name
  onSelect: (name: Name) => void
}

/** Views of one thing, of which one is seen. Arrow keys move among them. */
export function Tabs<Name extends string>({ label, tabs, selected, onSelect }: TabsProps<Name>) {
  return (
    <Radix.Root value={selected} onValueChange={(name) => onSelect(name as Name)} activationMode="manual">
      <Radix.List className={classes.list} aria-label={label}>
        {tabs.map((tab) => (
          <Radix.Trigger key={tab.name} value={tab.name} className={classes.tab}>
            {tab.label} {tab.count !== undefined && <span className={classes.count}>{tab.count}</span>}
          </Radix.Trigger>
        ))}
      </Radix.List>
      {tabs.map((tab) => (
        <Radix.Content key={tab.name} value={tab.name} className={classes.content} tabIndex={-1}>
          {tab.content}
        </Radix.Content>
      ))}
    </Radix.Root>
  )
}
