export const AREAS = [
  { area: 'data', name: 'Data' },
  { area: 'ai', name: 'Models' },
  { area: 'compute', name: 'Jobs' },
  { area: 'viz', name: 'Charts' },
  { area: 'auth', name: 'Access' },
  { area: 'ops', name: 'Operations' },
] as const

export type Area = (typeof AREAS)[number]['area']

/** What a key may do in an area; writing includes reading. */
export type Reach = 'none' | 'read' | 'write'
export type Reaches = Partial<Record<Area, Reach>>

/** The scopes as the platform names them. */
export function scopesOf(reaches: Reaches): string[] {
  return AREAS.flatMap(({ area }) => {
    const reach = reaches[area] ?? 'none'
    return reach === 'none' ? [] : [`${area}:${reach}`]
  })
}
