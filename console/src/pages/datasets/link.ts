import { datasetRoute } from './place'

type Search = ReturnType<typeof datasetRoute.useSearch>

/** Changes the link of the dataset's page in place. */
export function usePut(): (change: Partial<Search>) => void {
  const search = datasetRoute.useSearch()
  const navigate = datasetRoute.useNavigate()
  return (change) => void navigate({ search: { ...search, ...change }, replace: true })
}
