import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { asProblem } from '../../api/problem'
import { call } from '../../api/send'
import { Button } from '../../components/Button'
import { toast } from '../../components/Toasts'
import { hrefOf } from './hrefs'
import { sampleCsv } from './sample'

const NAME = 'sample_weather'
const ABOUT = 'Made-up daily weather in four cities, to try things with'

/** Makes a small dataset to try things with. */
export function SampleData() {
  const navigate = useNavigate()
  const cache = useQueryClient()
  const make = useMutation({
    mutationFn: () =>
      call('PUT', `/api/v1/data/datasets/${NAME}?mode=replace&description=${encodeURIComponent(ABOUT)}`, sampleCsv(), {
        'Content-Type': 'text/csv',
      }),
    onSuccess: () => {
      void cache.invalidateQueries({ queryKey: ['datasets'] })
      void navigate({ to: hrefOf(NAME) })
    },
    onError: (error) => toast(`No sample was made: ${asProblem(error).detail}`, { bad: true }),
  })
  return (
    <Button busy={make.isPending} onClick={() => make.mutate()}>
      Start with sample data
    </Button>
  )
}
