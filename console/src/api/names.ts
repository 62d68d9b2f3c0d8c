import { Problem } from './problem'

const LONGEST = 63

/** A name for links and programs that a title suggests. */
export function nameFor(title: string): string {
  return title
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .slice(0, LONGEST)
}

/** That a name can't be given to something new. */
export function nameTaken(kind: 'chart' | 'dashboard', name: string): Problem {
  return new Problem(409, {
    title: 'The name is taken',
    detail: name ? `There is a ${kind} named ${name}. Give this one another name.` : `Give the ${kind} a name or a title.`,
    code: 'name_taken',
  })
}
