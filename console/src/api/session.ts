import { queryOptions } from '@tanstack/react-query'
import { queries } from './queries'
import { forgetReader, lastReader, rememberReader } from './lastReader'
import { gateway, take } from './services'
import type { Identity, Role } from './types'

const RANKS: readonly Role[] = ['viewer', 'editor', 'admin']

/** Who is signed in; until the platform says so, who it was the last time, so that nothing jumps when it does. */
export const meQuery = queryOptions<Identity>({
  queryKey: ['me'],
  queryFn: async ({ signal }) => rememberReader(await take(gateway.GET('/api/v1/auth/me', { signal }))),
  placeholderData: () => lastReader(),
  staleTime: 60_000,
})

/** Whether `role` may do what `needed` may. */
export function covers(role: Role, needed: Role): boolean {
  return RANKS.indexOf(role) >= RANKS.indexOf(needed)
}

/** Start a session: the platform sets its cookie. Throws Problem. */
export async function signIn(name: string, password: string): Promise<void> {
  await take(gateway.POST('/api/v1/auth/session', { body: { name, password } }))
  forget()
  await queries.prefetchQuery(meQuery)
}

/** End the session and forget what was read in it. Throws Problem. */
export async function signOut(): Promise<void> {
  await gateway.DELETE('/api/v1/auth/session')
  forget()
}

/** Make the first administrator with the code of the first start, then sign in. Throws Problem. */
export async function setUp(code: string, name: string, password: string): Promise<void> {
  await gateway.POST('/api/v1/auth/setup', { body: { code, name, password } })
  await signIn(name, password)
}

function forget(): void {
  forgetReader()
  queries.clear()
}
