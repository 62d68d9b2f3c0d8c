import type { Identity } from './types'

const STORED = 'datalab.reader'

/** Who was signed in on this device when the platform was last asked; nobody once signed out. */
export function lastReader(): Identity | undefined {
  const stored = localStorage.getItem(STORED)
  return stored === null ? undefined : (JSON.parse(stored) as Identity)
}

export function rememberReader(reader: Identity): Identity {
  localStorage.setItem(STORED, JSON.stringify(reader))
  return reader
}

export function forgetReader(): void {
  localStorage.removeItem(STORED)
}
