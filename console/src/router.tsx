import { createRouter } from '@tanstack/react-router'
import { queries, whenSignedOut } from './api/queries'
import { places } from './shell/places'
import { nowhereRoute, rootRoute, setUpRoute, shellRoute, signInRoute } from './shell/routes'

const inside = shellRoute.addChildren([...places.flatMap((place) => place.routes), nowhereRoute])

/** Every page by its path. */
export const router = createRouter({
  routeTree: rootRoute.addChildren([inside, signInRoute, setUpRoute]),
  defaultPreload: 'intent',
  scrollRestoration: true,
})

whenSignedOut(() => {
  const { pathname, href } = router.state.location
  if (pathname === '/sign-in' || pathname === '/setup') return
  queries.clear()
  void router.navigate({ to: '/sign-in', search: { from: href }, replace: true })
})
