import type { components as Ai } from './schema/ai'
import type { components as Compute } from './schema/compute'
import type { components as Data } from './schema/data'
import type { components as Gateway } from './schema/gateway'
import type { components as Viz } from './schema/viz'

export type Identity = Gateway['schemas']['Identity']
export type Role = Gateway['schemas']['Role']
export type Instance = Gateway['schemas']['Instance']
export type InstanceState = Gateway['schemas']['InstanceState']
export type AuditEntry = Gateway['schemas']['AuditEntry']
export type Dataset = Data['schemas']['Dataset']
export type Job = Compute['schemas']['Job']
export type JobState = Compute['schemas']['JobState']
export type Model = Ai['schemas']['Model']
export type Chart = Viz['schemas']['Chart']
export type Dashboard = Viz['schemas']['Dashboard']
export type UploadPreview = Data['schemas']['UploadPreview']
export type DatasetVersion = Data['schemas']['DatasetVersion']
export type DatasetDiff = Data['schemas']['DatasetDiff']
export type DatasetProfile = Data['schemas']['DatasetProfile']
export type ColumnProfile = Data['schemas']['ColumnProfile']
export type QueryResult = Data['schemas']['QueryResult']
export type DatasetRead = Data['schemas']['DatasetRead']
export type QueryStatus = Data['schemas']['QueryStatus']
