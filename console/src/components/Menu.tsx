import * as Radix from '@radix-ui/react-dropdown-menu'
import { Check } from 'lucide-react'
import type { ReactNode } from 'react'
import classes from './Menu.module.css'

/** Things to do, behind a button: `trigger` is one Button. */
export function Menu({ trigger, children, align = 'end' }: { trigger: ReactNode; children: ReactNode; align?: 'start' | 'end' }) {
  return (
    <Radix.Root modal={false}>
      <Radix.Trigger asChild>{trigger}</Radix.Trigger>
      <Radix.Portal>
        <Radix.Content className={classes.menu} align={align} sideOffset={4} collisionPadding={8}>
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}

export function MenuItem({ onSelect, bad = false, children }: { onSelect: () => void; bad?: boolean; children: ReactNode }) {
  return (
    <Radix.Item className={`${classes.item} ${bad ? classes.bad : ''}`} onSelect={onSelect}>
      {children}
    </Radix.Item>
  )
}

interface MenuChoiceProps {
  label: string
  value: string
  options: readonly string[]
  onChange: (value: string) => void
}

/** One of several, with a mark at the chosen one. */
export function MenuChoice({ label, value, options, onChange }: MenuChoiceProps) {
  return (
    <Radix.Group>
      <Radix.Label className={classes.label}>{label}</Radix.Label>
      <Radix.RadioGroup value={value} onValueChange={onChange}>
        {options.map((option) => (
          <Radix.RadioItem key={option} value={option} className={classes.item}>
            <span className={classes.word}>{option}</span>
            <Radix.ItemIndicator>
              <Check size={14} aria-hidden="true" />
            </Radix.ItemIndicator>
          </Radix.RadioItem>
        ))}
      </Radix.RadioGroup>
    </Radix.Group>
  )
}

/** Something that is on or off; the menu stays open. */
export function MenuCheck({ checked, onChange, children }: { checked: boolean; onChange: (checked: boolean) => void; children: ReactNode }) {
  return (
    <Radix.CheckboxItem
      className={classes.item}
      checked={checked}
      onCheckedChange={onChange}
      onSelect={(event) => event.preventDefault()}
    >
      {children}
      <Radix.ItemIndicator>
        <Check size={14} aria-hidden="true" />
      </Radix.ItemIndicator>
    </Radix.CheckboxItem>
  )
}

export function MenuLine() {
  return <Radix.Separator className={classes.line} />
}
