// Without letters that are taken for one another, since it is read aloud and typed.
const LETTERS = 'abcdefghijkmnpqrstuvwxyz23456789'
const GROUPS = 4
const GROUP = 5

export const PASSWORD_RULE = 'At least 12 characters; a sentence is easier to keep than signs.'

/** A password that nobody guesses (100 bits), in groups that can be read aloud. */
export function suggestPassword(): string {
  const random = crypto.getRandomValues(new Uint8Array(GROUPS * GROUP))
  const letters = [...random].map((byte) => LETTERS[byte % LETTERS.length]).join('')
  return letters.match(new RegExp(`.{${GROUP}}`, 'g'))?.join('-') ?? letters
}
