import { GROUPS, type Place } from './place'

const modules = import.meta.glob<Place>('../pages/*/place.ts', { eager: true, import: 'default' })

/** All places, in the order of the sidebar. */
export const places: readonly Place[] = Object.values(modules).sort(
  (one, other) => GROUPS.indexOf(one.group) - GROUPS.indexOf(other.group) || one.order - other.order,
)
