import { Link } from '@tanstack/react-router'
import { Kbd } from '../components/Kbd'
import { Mark } from './Mark'
import { GROUPS, type Group, type Place } from './place'
import { Reader } from './Reader'
import classes from './Sidebar.module.css'

interface SidebarProps {
  places: readonly Place[]
  onKeys: () => void
  /** A link was followed. */
  onGone?: () => void
}

/** The places by group, and the reader's own menu. */
export function Sidebar({ places, onKeys, onGone }: SidebarProps) {
  return (
    <div className={classes.sidebar}>
      <Link to="/" className={classes.mark} onClick={onGone}>
        <Mark /> DataLab
      </Link>
      <nav aria-label="Places" className={classes.nav}>
        {GROUPS.map((group) => (
          <Places key={group} group={group} places={places.filter((place) => place.group === group)} onGone={onGone} />
        ))}
      </nav>
      <Reader onKeys={onKeys} />
    </div>
  )
}

function Places({ group, places, onGone }: { group: Group; places: readonly Place[]; onGone: (() => void) | undefined }) {
  if (places.length === 0) return null
  return (
    <div>
      {group && <h2 className={classes.group}>{group}</h2>}
      <ul>
        {places.map((place) => (
          <li key={place.href}>
            <PlaceLink place={place} onGone={onGone} />
          </li>
        ))}
      </ul>
    </div>
  )
}

function PlaceLink({ place, onGone }: { place: Place; onGone: (() => void) | undefined }) {
  const { icon: Icon, aside: Aside } = place
  return (
    <Link
      to={place.href}
      className={classes.place}
      activeOptions={{ exact: place.href === '/', includeSearch: false }}
      activeProps={{ 'data-active': '' }}
      onClick={onGone}
    >
      <Icon size={16} strokeWidth={1.75} aria-hidden="true" />
      <span className={classes.name}>{place.name}</span>
      {Aside && (
        <span className={classes.aside}>
          <Aside />
        </span>
      )}
      <span className={classes.keys}>
        <Kbd keys={`g ${place.letter}`} />
      </span>
    </Link>
  )
}
