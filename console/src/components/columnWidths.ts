import { kindOf, shortType } from './columnKind'
import { shownValue } from './value'

const LOOKED_AT = 60
const [GLYPH, MONO_GLYPH, PADDING] = [7.6, 7.6, 28]
const [LEAST, MOST, LEAST_WITH_PICTURE] = [72, 320, 124]

/** Widths in pixels from the names and the first values, so that columns don't move while rows pass by. */
export function columnWidths(
  columns: readonly { name: string; type: string; above?: unknown }[],
  rows: readonly (readonly unknown[])[],
): number[] {
  return columns.map((column, at) => {
    const mono = kindOf(column.type) === 'time' || kindOf(column.type) === 'nested'
    const longest = rows
      .slice(0, LOOKED_AT)
      .reduce((most, row) => Math.max(most, row[at] == null ? 4 : shownValue(row[at], column.type, column.name).length), 0)
    const head = (column.name.length + shortType(column.type).length + 3) * GLYPH
    const least = column.above === undefined ? LEAST : LEAST_WITH_PICTURE
    return Math.round(Math.min(Math.max(longest * (mono ? MONO_GLYPH : GLYPH), head, least) + PADDING, MOST))
  })
}
