import type { LucideIcon } from 'lucide-react'
import type { ComponentPropsWithRef, ReactNode } from 'react'
import { Link } from '@tanstack/react-router'
import { Kbd } from './Kbd'
import classes from './Button.module.css'

interface Look {
  /** `primary` once a page; `quiet` has no border; `danger` for what can't be undone. */
  kind?: 'primary' | 'plain' | 'quiet' | 'danger'
  icon?: LucideIcon
  /** Keys to show; bind them with `useKeys`. */
  keys?: string
  children?: ReactNode
}

type ButtonProps = Look & ComponentPropsWithRef<'button'> & { busy?: boolean }

/** Something to press. Without text it needs an `aria-label`. */
export function Button({ kind = 'plain', icon, keys, busy = false, children, className, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      aria-disabled={busy || undefined}
      aria-busy={busy || undefined}
      {...rest}
      {...(busy && { onClick: (event) => event.preventDefault() })}
      className={look(kind, children, className)}
    >
      <Content icon={icon} keys={keys}>
        {children}
      </Content>
    </button>
  )
}

/** A link that looks like a button. */
export function LinkButton({ kind = 'plain', icon, keys, children, href }: Look & { href: string }) {
  return (
    <Link to={href} className={look(kind, children)}>
      <Content icon={icon} keys={keys}>
        {children}
      </Content>
    </Link>
  )
}

function Content({ icon: Icon, keys, children }: { icon: LucideIcon | undefined; keys: string | undefined; children: ReactNode }) {
  return (
    <>
      {Icon && <Icon size={16} strokeWidth={1.75} aria-hidden="true" />}
      {children}
      {keys && <Kbd keys={keys} />}
    </>
  )
}

function look(kind: string, children: ReactNode, more?: string): string {
  return [classes.button, classes[kind], !children && classes.square, more].filter(Boolean).join(' ')
}
