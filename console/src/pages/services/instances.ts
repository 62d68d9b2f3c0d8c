import { queryOptions } from '@tanstack/react-query'
import { gateway, take } from '../../api/services'
import type { Instance, InstanceState } from '../../api/types'
import type { Tone } from '../../components/Badge'
import { counted } from '../../components/figures'

const AGAIN_MS = 5_000

/** Every instance of every service, asked for again and again while somebody looks. */
export const instancesQuery = queryOptions({
  queryKey: ['services'],
  queryFn: async ({ signal }) => (await take(gateway.GET('/api/v1/services', { signal }))).items,
  refetchInterval: AGAIN_MS,
})

export const TONES: Record<InstanceState, Tone> = { ready: 'good', degraded: 'warn', unready: 'bad', away: 'bad' }

/** Those that aren't ready. */
export function ailing(instances: readonly Instance[]): readonly Instance[] {
  return instances.filter((instance) => instance.state !== 'ready')
}

/** How they are, in a sentence. */
export function sentence(instances: readonly Instance[]): string {
  const ill = ailing(instances)
  if (ill.length === 0) return `${counted(instances.length, 'instance')}, all ready.`
  return `${counted(instances.length, 'instance')}, ${ill.length} of them not ready.`
}
