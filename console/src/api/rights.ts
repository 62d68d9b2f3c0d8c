import { useQuery } from '@tanstack/react-query'
import { Problem } from './problem'
import { covers, meQuery } from './session'
import type { Role } from './types'

/** Whether the reader may do what takes the role; not before it is known who reads. */
export function useMay(needed: Role): boolean {
  const me = useQuery(meQuery).data
  return me !== undefined && covers(me.role, needed)
}

/** Why the reader can't do what the link asks for: `undefined` while it doesn't, or when the role suffices. */
export function useRefusal(asked: boolean, what: string, needed: Role = 'editor'): Problem | undefined {
  const me = useQuery(meQuery).data
  if (!asked || !me || covers(me.role, needed)) return undefined
  return new Problem(403, {
    title: `You can’t ${what}`,
    detail: `It takes the role ${needed}, and yours is ${me.role}. An administrator can give it to you under Access.`,
    code: 'role_needed',
  })
}
