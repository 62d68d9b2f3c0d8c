/** The page of a dataset. */
export function hrefOf(name: string): string {
  return `/datasets/${encodeURIComponent(name)}`
}

/** A name as it stands in SQL. */
export function inSql(name: string): string {
  return /^[a-z_][a-z0-9_.]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`
}

/** The SQL page with this text in a tab of its own. */
export function sqlHref(sql: string, more: Record<string, string> = {}): string {
  return `/sql?${new URLSearchParams({ sql, ...more }).toString()}`
}
