import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { places } from '../../shell/places'

interface PlaceNameProps {
  /** Where it leads, if a place of the console is there: `/jobs/0192…`. */
  href: string
  whole?: boolean
  children: ReactNode
}

/** A name that is a link once the place it belongs to exists. */
export function PlaceName({ href, whole = false, children }: PlaceNameProps) {
  const known = places.some((place) => place.href !== '/' && (href === place.href || href.startsWith(`${place.href}/`)))
  if (!known) return <>{children}</>
  return (
    <Link to={href} {...(whole && { 'data-whole': '' })}>
      {children}
    </Link>
  )
}
