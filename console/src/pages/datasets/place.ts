import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { Database } from 'lucide-react'
import { definePlace } from '../../shell/place'
import { shellRoute } from '../../shell/routes'
import { findDatasets } from './find'

export const DATASET_TABS = ['rows', 'profile', 'history'] as const
export type DatasetTab = (typeof DATASET_TABS)[number]

export const datasetsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/datasets',
  validateSearch: (search) => ({
    filter: text(search['filter']),
    sort: text(search['sort']),
    upload: search['upload'] === undefined ? undefined : 1,
    deleted: search['deleted'] === undefined ? undefined : 1,
  }),
  component: lazyRouteComponent(() => import('./DatasetsPage'), 'DatasetsPage'),
})

export const datasetRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/datasets/$name',
  validateSearch: (search) => ({
    tab: DATASET_TABS.find((tab) => tab === search['tab']),
    where: text(search['where']),
    order: text(search['order']),
    columns: text(search['columns']),
    from: whole(search['from']),
    row: whole(search['row']),
    version: whole(search['version']),
    open: search['open'] === undefined ? undefined : 1,
    compare: whole(search['compare']),
    upload: search['upload'] === undefined ? undefined : 1,
  }),
  component: lazyRouteComponent(() => import('./DatasetPage'), 'DatasetPage'),
})

export default definePlace({
  name: 'Datasets',
  href: '/datasets',
  icon: Database,
  group: 'Data',
  order: 10,
  letter: 'd',
  routes: [datasetsRoute, datasetRoute],
  commands: [
    {
      label: 'Upload data',
      keys: 'u',
      role: 'editor',
      onHome: 'primary',
      words: 'import file csv parquet json dataset',
      run: (go) => go('/datasets?upload=1'),
    },
  ],
  finders: [{ kind: 'Dataset', find: findDatasets }],
})

function text(value: unknown): string | undefined {
  return value === undefined || value === '' ? undefined : String(value)
}

function whole(value: unknown): number | undefined {
  const number = Number(value)
  return value !== undefined && value !== '' && Number.isSafeInteger(number) && number >= 0 ? number : undefined
}
