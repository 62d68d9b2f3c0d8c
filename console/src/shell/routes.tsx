import { createRootRoute, createRoute, lazyRouteComponent, Outlet } from '@tanstack/react-router'
import { Toasts } from '../components/Toasts'
import { Failed } from './Failed'
import { Nowhere } from './Nowhere'
import { Shell } from './Shell'

/** The root of all pages. */
export const rootRoute = createRootRoute({
  component: () => (
    <>
      <Outlet />
      <Toasts />
    </>
  ),
})

/** The parent of every page that stands inside the shell; a place's routes name it in `getParentRoute`. */
export const shellRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: 'shell',
  component: Shell,
  errorComponent: Failed,
})

/** Any other path: says so inside the shell. */
export const nowhereRoute = createRoute({ getParentRoute: () => shellRoute, path: '$', component: Nowhere })

export const signInRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/sign-in',
  validateSearch: (search) => ({ from: isOurs(search['from']) ? search['from'] : undefined }),
  component: lazyRouteComponent(() => import('./session/SignIn'), 'SignIn'),
})

export const setUpRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: '/setup',
  validateSearch: (search) => ({ code: search['code'] === undefined ? undefined : String(search['code']) }),
  component: lazyRouteComponent(() => import('./session/SetUp'), 'SetUp'),
})

// Only a path of this console: `//evil.example` would lead elsewhere.
function isOurs(from: unknown): from is string {
  return typeof from === 'string' && /^\/(?![/\\])/.test(from)
}
