import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { SquareTerminal } from 'lucide-react'
import { definePlace } from '../../shell/place'
import { shellRoute } from '../../shell/routes'

export const sqlRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/sql',
  validateSearch: (search) => ({
    tab: text(search['tab']),
    /** Opened in a tab of its own. */
    sql: text(search['sql']),
    run: search['run'] === undefined ? undefined : 1,
    chart: search['chart'] === undefined ? undefined : 1,
    tables: text(search['tables']),
  }),
  component: lazyRouteComponent(() => import('./SqlPage'), 'SqlPage'),
})

export default definePlace({
  name: 'SQL',
  href: '/sql',
  icon: SquareTerminal,
  group: 'Data',
  order: 20,
  letter: 'q',
  routes: [sqlRoute],
  commands: [{ label: 'Ask in SQL', words: 'query select new', onHome: 'plain', run: (go) => go('/sql') }],
})

function text(value: unknown): string | undefined {
  return value === undefined || value === '' ? undefined : String(value)
}
