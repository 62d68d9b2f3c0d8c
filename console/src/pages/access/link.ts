import { accessRoute } from './place'
import type { AccessSearch } from './search'

/** What the link says, and how to change it: `go` can be gone back from, `narrow` takes the place of what was there. */
export function useLink() {
  const search = accessRoute.useSearch()
  const navigate = accessRoute.useNavigate()
  return {
    search,
    go: (to: Partial<AccessSearch>) => void navigate({ search: { ...search, ...to } }),
    narrow: (to: Partial<AccessSearch>) => void navigate({ search: { ...search, ...to }, replace: true }),
  }
}
