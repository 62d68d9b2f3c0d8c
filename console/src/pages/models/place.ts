import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { Cpu } from 'lucide-react'
import { definePlace } from '../../shell/place'
import { shellRoute } from '../../shell/routes'
import { findModels } from './find'
import { readModelSearch, readModelsSearch } from './search'

export const modelsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/models',
  validateSearch: readModelsSearch,
  component: lazyRouteComponent(() => import('./ModelsPage'), 'ModelsPage'),
})

export const modelRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/models/$name',
  validateSearch: readModelSearch,
  component: lazyRouteComponent(() => import('./ModelPage'), 'ModelPage'),
})

export default definePlace({
  name: 'Models',
  href: '/models',
  icon: Cpu,
  group: 'Learn and run',
  order: 10,
  letter: 'm',
  routes: [modelsRoute, modelRoute],
  commands: [{ label: 'Train a model', words: 'predict learn', role: 'editor', run: (go) => go('/models?train=true') }],
  finders: [{ kind: 'Model', find: findModels }],
})
