interface Listed<T> {
  items: T[]
  next_cursor: string | null
}

/** All of a list, page after page. Throws Problem. */
export async function everything<T>(ask: (cursor: string | null) => Promise<Listed<T>>): Promise<T[]> {
  const items: T[] = []
  let cursor: string | null = null
  do {
    const page: Listed<T> = await ask(cursor)
    items.push(...page.items)
    cursor = page.next_cursor
  } while (cursor !== null)
  return items
}
