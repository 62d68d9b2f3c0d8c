export const TABS = ['card', 'try', 'versions'] as const
export type TabName = (typeof TABS)[number]

/** A row of inputs. */
export type Row = Record<string, unknown>

/** What the link says about the list: its filter, and the form that trains, with the dataset and target chosen. */
export interface ModelsSearch {
  filter: string | undefined
  train: true | undefined
  dataset: string | undefined
  target: string | undefined
}

/** What the link says about one model: which version, which view of it, the inputs that are tried. */
export interface ModelSearch {
  version: number | undefined
  tab: TabName | undefined
  row: Row | undefined
}

export function readModelsSearch(search: Record<string, unknown>): ModelsSearch {
  const train = search['train']
  return {
    filter: text(search['filter']),
    train: train === true || train === 1 || train === 'true' ? true : undefined,
    dataset: text(search['dataset']),
    target: text(search['target']),
  }
}

export function readModelSearch(search: Record<string, unknown>): ModelSearch {
  const { version, tab, row } = search
  return {
    version: Number.isInteger(Number(version)) && Number(version) > 0 ? Number(version) : undefined,
    tab: TABS.find((one) => one === tab),
    row: typeof row === 'object' && row !== null && !Array.isArray(row) ? (row as Row) : undefined,
  }
}

function text(value: unknown): string | undefined {
  return value === undefined || value === '' ? undefined : String(value)
}
