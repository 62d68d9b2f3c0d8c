/** One thing wrong with the input: where, what, and what was got. */
export interface FieldError {
  where: string
  what: string
  got?: string | null
}

interface ProblemBody {
  title?: string
  status?: number
  detail?: string
  code?: string
  request_id?: string | null
  errors?: FieldError[]
}

/** A refusal of the platform (RFC 9457), or that it could not be reached (`status` 0, code `unreachable`). */
export class Problem extends Error {
  readonly status: number
  readonly code: string
  readonly title: string
  readonly detail: string
  readonly requestId: string | null
  readonly errors: readonly FieldError[]

  constructor(status: number, body: ProblemBody) {
    super(body.detail ?? body.title ?? `status ${status}`)
    this.name = 'Problem'
    this.status = status
    this.code = body.code ?? 'unknown'
    this.title = body.title ?? 'Something went wrong'
    this.detail = body.detail ?? ''
    this.requestId = body.request_id ?? null
    this.errors = body.errors ?? []
  }

  /** What is wrong with the input named `field`, if that is what the problem is about. */
  about(field: string): string | undefined {
    return this.errors.find((error) => isAbout(error, field))?.what
  }

  /** The problem, unless all of it is about these fields and told there. */
  beside(...fields: readonly string[]): Problem | undefined {
    const told = this.errors.length > 0 && this.errors.every((error) => fields.some((field) => isAbout(error, field)))
    return told ? undefined : this
  }
}

function isAbout({ where }: FieldError, field: string): boolean {
  return where === field || where.endsWith(`.${field}`)
}

/** The problem that a refusing answer carries. */
export async function problemOf(answer: Response): Promise<Problem> {
  const text = await answer.text()
  try {
    return new Problem(answer.status, JSON.parse(text) as ProblemBody)
  } catch {
    return new Problem(answer.status, { title: `The platform answered ${answer.status}`, detail: text.slice(0, 300) })
  }
}

/** Any thrown thing as a problem. */
export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error
  return new Problem(0, { title: 'The console failed', detail: String(error), code: 'console' })
}
