/** A thing in a graph, and the things that stand before it. */
export interface Node {
  id: string
  depends_on: readonly string[]
}

/** Where a node stands: its column, its row within it. */
export interface Spot {
  column: number
  row: number
}

/**
 * Each node one column right of the last that it waits for; within a column beside those that it waits for. What is
 * waited for but not among the nodes counts for nothing.
 */
export function layered(nodes: readonly Node[]): Map<string, Spot> {
  const byId = new Map(nodes.map((node) => [node.id, node]))
  const columns = new Map<string, number>()
  const columnOf = (id: string): number => {
    const known = columns.get(id)
    if (known !== undefined) return known
    const column = Math.max(-1, ...parentsOf(byId, id).map(columnOf)) + 1
    columns.set(id, column)
    return column
  }
  nodes.forEach((node) => columnOf(node.id))
  return inRows(nodes, byId, columns)
}

function inRows(nodes: readonly Node[], byId: ReadonlyMap<string, Node>, columns: ReadonlyMap<string, number>) {
  const spots = new Map<string, Spot>()
  const last = Math.max(0, ...columns.values())
  for (let column = 0; column <= last; column += 1) {
    const height = (id: string) => mean(parentsOf(byId, id).map((parent) => spots.get(parent)?.row ?? 0))
    nodes
      .filter((node) => columns.get(node.id) === column)
      .map((node, index) => ({ id: node.id, height: height(node.id), index }))
      .sort((one, other) => one.height - other.height || one.index - other.index)
      .forEach(({ id }, row) => spots.set(id, { column, row }))
  }
  return spots
}

function parentsOf(byId: ReadonlyMap<string, Node>, id: string): string[] {
  return (byId.get(id)?.depends_on ?? []).filter((parent) => byId.has(parent))
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length
}
