import { useQuery } from '@tanstack/react-query'
import { chartQuery } from '../../api/charts'
import { useMay, useRefusal } from '../../api/rights'
import { Page } from '../../components/Page'
import { ProblemNotice } from '../../components/ProblemNotice'
import { LinkButton } from '../../components/Button'
import { SkeletonBlock } from '../../components/Skeleton'
import { WaitingPage } from '../../components/WaitingPage'
import { chartRoute } from './place'
import { EditChart } from './EditChart'
import { SeeChart } from './SeeChart'

const ABOVE = [{ label: 'Charts', href: '/charts' }]

/** One chart, seen or changed. */
export function ChartPage() {
  const { name } = chartRoute.useParams()
  const { edit } = chartRoute.useSearch()
  const chart = useQuery(chartQuery(name))
  const mayWrite = useMay('editor')
  const refusal = useRefusal(edit === 1, 'change charts')
  if (chart.data && edit && !refusal) return <EditChart key={name} tagged={chart.data} above={ABOVE} />
  if (chart.data) return <SeeChart chart={chart.data.saved} above={ABOVE} refusal={refusal} />
  if (!chart.isError) {
    return (
      <WaitingPage title={name} above={ABOVE} buttons={mayWrite ? [74, 160, 32, 83] : [74]}>
        <SkeletonBlock height={490} />
        <SkeletonBlock height={200} />
      </WaitingPage>
    )
  }
  return (
    <Page title={name} above={ABOVE}>
      <ProblemNotice error={chart.error} action={<LinkButton href="/charts">See all charts</LinkButton>} />
    </Page>
  )
}
