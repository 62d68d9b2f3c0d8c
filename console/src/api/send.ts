import { Problem, problemOf } from './problem'

/**
 * `fetch` as the platform wants it from the console: the header that no other site can send, and refusals thrown as
 * {@link Problem}. An abort is thrown on as it is.
 */
export async function send(input: Request): Promise<Response> {
  input.headers.set('X-DataLab-Console', '1')
  const answer = await reach(input)
  if (!answer.ok) throw await problemOf(answer)
  return answer
}

/** A call whose path the generated types don't hold, such as an upload's raw body. */
export function call(method: string, path: string, body?: BodyInit, headers?: HeadersInit): Promise<Response> {
  const url = new URL(path, window.location.origin)
  return send(new Request(url, { method, ...(body !== undefined && { body }), ...(headers && { headers }) }))
}

async function reach(input: Request): Promise<Response> {
  try {
    return await fetch(input)
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    throw new Problem(0, {
      title: 'The platform can’t be reached',
      detail: 'It may be starting, or the network is away. What you see may be old.',
      code: 'unreachable',
    })
  }
}
