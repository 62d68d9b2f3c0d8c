import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { Server } from 'lucide-react'
import { definePlace } from '../../shell/place'
import { shellRoute } from '../../shell/routes'
import { ServicesState } from './ServicesState'

export const servicesRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/services',
  validateSearch: (search) => ({
    filter: search['filter'] ? String(search['filter']) : undefined,
    service: search['service'] ? String(search['service']) : undefined,
  }),
  component: lazyRouteComponent(() => import('./ServicesPage'), 'ServicesPage'),
})

export default definePlace({
  name: 'Services',
  href: '/services',
  icon: Server,
  group: 'Operate',
  order: 10,
  letter: 'v',
  routes: [servicesRoute],
  aside: ServicesState,
})
