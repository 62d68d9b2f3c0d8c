import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { Server } from 'lucide-react'
import { definePlace } from '../../shell/place'
import { shellRoute } from '../../shell/routes'

export const servicesRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/services',
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
})
