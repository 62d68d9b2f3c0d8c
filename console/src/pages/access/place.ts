import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { ShieldCheck } from 'lucide-react'
import { definePlace } from '../../shell/place'
import { shellRoute } from '../../shell/routes'
import { readSearch } from './search'

export const accessRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/access',
  validateSearch: readSearch,
  component: lazyRouteComponent(() => import('./AccessPage'), 'AccessPage'),
})

export default definePlace({
  name: 'Access',
  href: '/access',
  icon: ShieldCheck,
  group: 'Operate',
  order: 30,
  letter: 'a',
  routes: [accessRoute],
  commands: [
    { label: 'Add a user', role: 'admin', words: 'account', run: (go) => go('/access?tab=users&open=user') },
    { label: 'Make an API key', words: 'token secret', run: (go) => go('/access?tab=keys&open=key') },
    { label: 'Change my password', run: (go) => go('/access?tab=sessions&open=password') },
    { label: 'See who did what', role: 'admin', words: 'audit trail log', run: (go) => go('/access?tab=audit') },
  ],
})
