import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { places } from '../../shell/places'

interface PlaceNameProps {
  /** Where it leads, if a place of the console is there: `/jobs/0192…`. */
  href: string
  whole?: boolean
  children: ReactNode
}

/** Whether a place of the console is there. */
export function leadsSomewhere(href: string): boolean {
  return places.some((place) => place.href !== '/' && (href === place.href || href.startsWith(`${place.href}/`)))
}

/** A name that is a link once the place it belongs to exists. */
export function PlaceName({ href, whole = false, children }: PlaceNameProps) {
  if (!leadsSomewhere(href)) return <>{children}</>
  return (
    <Link to={href} {...(whole && { 'data-whole': '' })}>
      {children}
    </Link>
  )
}
