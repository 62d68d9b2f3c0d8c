import type { components } from '../../api/schema/gateway'

export type User = components['schemas']['User']
export type UserChange = components['schemas']['UserChange']
export type ApiKey = components['schemas']['ApiKey']
export type ApiKeyDraft = components['schemas']['ApiKeyDraft']
export type NewApiKey = components['schemas']['NewApiKey']
export type Session = components['schemas']['Session']
