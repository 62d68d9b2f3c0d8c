import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { ChartColumn } from 'lucide-react'
import { definePlace } from '../../shell/place'
import { shellRoute } from '../../shell/routes'
import { findCharts } from './find'

/** The gallery; with `new` the maker of a chart, over `dataset` or `sql` when the link names one. */
export const chartsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/charts',
  validateSearch: (search) => ({
    filter: text(search['filter']),
    new: search['new'] === undefined ? undefined : 1,
    dataset: text(search['dataset']),
    sql: text(search['sql']),
  }),
  component: lazyRouteComponent(() => import('./ChartsPage'), 'ChartsPage'),
})

export const chartRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/charts/$name',
  validateSearch: (search) => ({ edit: search['edit'] === undefined ? undefined : 1 }),
  component: lazyRouteComponent(() => import('./ChartPage'), 'ChartPage'),
})

export default definePlace({
  name: 'Charts',
  href: '/charts',
  icon: ChartColumn,
  group: 'Show',
  order: 10,
  letter: 'c',
  routes: [chartsRoute, chartRoute],
  commands: [{ label: 'Make a chart', role: 'editor', words: 'new plot graph draw', run: (go) => go('/charts?new=1') }],
  finders: [{ kind: 'Chart', find: findCharts }],
})

function text(value: unknown): string | undefined {
  return value === undefined || value === '' ? undefined : String(value)
}
