import { tileBelow, type Tile } from '../../api/dashboards'

export type Placed = Required<Tile>

/** As the platform's own page draws it. */
export const COLUMNS = 12
export const ROW = 80
export const GAP = 16
const [TALLEST, LOWEST] = [20, 1000]

/** A tile's height in pixels. */
export function heightOf({ height }: Placed): number {
  return height * ROW + (height - 1) * GAP
}

/** All of a tile said; the platform leaves nothing out, but its types may. */
export function placed(tile: Tile): Placed {
  return { chart: null, text: null, column: 0, row: 0, width: 6, height: 4, ...tile }
}

/** The tiles with one moved, within the grid; what it would lie over goes below it. */
export function moved(tiles: readonly Placed[], at: number, columns: number, rows: number): readonly Placed[] {
  return changed(tiles, at, (tile) => ({
    ...tile,
    column: within(tile.column + columns, 0, COLUMNS - tile.width),
    row: within(tile.row + rows, 0, LOWEST),
  }))
}

/** The tiles with one resized, within the grid; what it would lie over goes below it. */
export function resized(tiles: readonly Placed[], at: number, columns: number, rows: number): readonly Placed[] {
  return changed(tiles, at, (tile) => ({
    ...tile,
    width: within(tile.width + columns, 1, COLUMNS - tile.column),
    height: within(tile.height + rows, 1, TALLEST),
  }))
}

/** The tiles with a chart or a text more, below all others. */
export function added(tiles: readonly Placed[], content: Pick<Tile, 'chart' | 'text'>): readonly Placed[] {
  return [...tiles, tileBelow(tiles, content)]
}

function changed(tiles: readonly Placed[], at: number, change: (tile: Placed) => Placed): readonly Placed[] {
  const tile = tiles[at]
  if (!tile) return tiles
  const result = [...tiles]
  const settled = [at]
  result[at] = change(tile)
  const others = tiles.map((_, index) => index).filter((index) => index !== at)
  for (const index of others.toSorted((one, other) => byPlace(tiles[one], tiles[other]))) {
    result[index] = below(result[index] as Placed, settled.map((each) => result[each] as Placed))
    settled.push(index)
  }
  return result
}

function below(tile: Placed, above: readonly Placed[]): Placed {
  const under = above.find((other) => overlap(tile, other))
  return under ? below({ ...tile, row: under.row + under.height }, above) : tile
}

function overlap(one: Placed, other: Placed): boolean {
  const apart = one.column + one.width <= other.column || other.column + other.width <= one.column
  return !apart && one.row < other.row + other.height && other.row < one.row + one.height
}

function byPlace(one: Placed | undefined, other: Placed | undefined): number {
  return (one?.row ?? 0) - (other?.row ?? 0) || (one?.column ?? 0) - (other?.column ?? 0)
}

function within(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most)
}
