import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { LayoutDashboard } from 'lucide-react'
import { definePlace } from '../../shell/place'
import { shellRoute } from '../../shell/routes'
import { findDashboards } from './find'

export const dashboardsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/dashboards',
  validateSearch: (search) => ({
    filter: text(search['filter']),
    new: search['new'] === undefined ? undefined : 1,
  }),
  component: lazyRouteComponent(() => import('./DashboardsPage'), 'DashboardsPage'),
})

/** One dashboard; of tiles whose rows have the column `by` only those rows are shown where it `is` that. */
export const dashboardRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/dashboards/$name',
  validateSearch: (search) => ({
    edit: search['edit'] === undefined ? undefined : 1,
    by: text(search['by']),
    is: text(search['is']),
  }),
  component: lazyRouteComponent(() => import('./DashboardPage'), 'DashboardPage'),
})

export default definePlace({
  name: 'Dashboards',
  href: '/dashboards',
  icon: LayoutDashboard,
  group: 'Show',
  order: 20,
  letter: 'b',
  routes: [dashboardsRoute, dashboardRoute],
  commands: [{ label: 'Make a dashboard', role: 'editor', words: 'new', run: (go) => go('/dashboards?new=1') }],
  finders: [{ kind: 'Dashboard', find: findDashboards }],
})

function text(value: unknown): string | undefined {
  return value === undefined || value === '' ? undefined : String(value)
}
