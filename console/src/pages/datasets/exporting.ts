import { EXPORTED_AT_MOST, type RowsSeen, rowsPath } from './rows'

/** The address of the rows that pass, from the first, in the format. */
export function whole(seen: RowsSeen, format: string): string {
  return rowsPath(seen, `rows.${format}`, { limit: EXPORTED_AT_MOST, offset: 0 })
}
