export const TABS = ['users', 'keys', 'sessions', 'audit'] as const
export type TabName = (typeof TABS)[number]

export const DIALOGS = ['user', 'key', 'password'] as const
export const SPANS = ['1h', '24h', '7d', '30d'] as const
export type Span = (typeof SPANS)[number]

/** What the link says about the page; `since` is how far back the audit trail is read. */
export interface AccessSearch {
  tab: TabName | undefined
  open: (typeof DIALOGS)[number] | undefined
  filter: string | undefined
  who: string | undefined
  service: string | undefined
  outcome: string | undefined
  since: Span | undefined
}

/** No tab, dialog or filter. */
export const NOTHING = readSearch({})

export function readSearch(search: Record<string, unknown>): AccessSearch {
  return {
    tab: oneOf(TABS, search['tab']),
    open: oneOf(DIALOGS, search['open']),
    filter: text(search['filter']),
    who: text(search['who']),
    service: text(search['service']),
    outcome: text(search['outcome']),
    since: oneOf(SPANS, search['since']),
  }
}

function oneOf<T extends string>(known: readonly T[], value: unknown): T | undefined {
  return known.find((one) => one === value)
}

function text(value: unknown): string | undefined {
  return value === undefined || value === '' ? undefined : String(value)
}
