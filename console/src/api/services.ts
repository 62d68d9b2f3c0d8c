import createClient from 'openapi-fetch'
import type { paths as AiPaths } from './schema/ai'
import type { paths as ComputePaths } from './schema/compute'
import type { paths as DataPaths } from './schema/data'
import type { paths as GatewayPaths } from './schema/gateway'
import type { paths as VizPaths } from './schema/viz'
import { send } from './send'

const options = { baseUrl: window.location.origin, fetch: send }

/** One typed client a service: `take(data.GET('/api/v1/data/datasets'))`. */
export const gateway = createClient<GatewayPaths>(options)
export const data = createClient<DataPaths>(options)
export const ai = createClient<AiPaths>(options)
export const compute = createClient<ComputePaths>(options)
export const viz = createClient<VizPaths>(options)

/** What the call answers. Throws Problem. */
export async function take<T>(call: Promise<{ data?: T }>): Promise<NonNullable<T>> {
  const answer = await call
  return answer.data as NonNullable<T>
}
