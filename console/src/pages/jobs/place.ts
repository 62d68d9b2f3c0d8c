import { createRoute, lazyRouteComponent } from '@tanstack/react-router'
import { Play } from 'lucide-react'
import { definePlace } from '../../shell/place'
import { shellRoute } from '../../shell/routes'
import { findJobs } from './find'
import { RunningCount } from './RunningCount'
import { readSearch } from './search'

export const jobsRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/jobs',
  validateSearch: readSearch,
  component: lazyRouteComponent(() => import('./JobsPage'), 'JobsPage'),
})

export const jobRoute = createRoute({
  getParentRoute: () => shellRoute,
  path: '/jobs/$id',
  component: lazyRouteComponent(() => import('./JobPage'), 'JobPage'),
})

export default definePlace({
  name: 'Jobs',
  href: '/jobs',
  icon: Play,
  group: 'Learn and run',
  order: 20,
  letter: 'j',
  routes: [jobsRoute, jobRoute],
  commands: [{ label: 'Run SQL as a job', words: 'submit background', role: 'editor', run: (go) => go('/jobs?new=true') }],
  finders: [{ kind: 'Job', find: findJobs }],
  aside: RunningCount,
})
