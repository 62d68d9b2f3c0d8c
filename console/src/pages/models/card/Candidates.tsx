import { Card } from '../../../components/Card'
import { type Column, Table } from '../../../components/Table'
import { Badge } from '../../../components/Badge'
import type { Card as Content } from './readCard'

interface Candidate {
  name: string
  loss: number
  chosen: boolean
}

const loss = new Intl.NumberFormat(undefined, { minimumFractionDigits: 4, maximumFractionDigits: 4 })

/** What was tried, the best first. */
export function Candidates({ card }: { card: Content }) {
  if (!card.candidates?.length) return null
  const measure = Object.keys(card.candidates[0] ?? {}).find((name) => name !== 'candidate') ?? 'loss'
  const candidates = card.candidates
    .map((one) => ({ name: String(one['candidate']), loss: Number(one[measure]), chosen: one['candidate'] === card.chosen }))
    .sort((one, other) => one.loss - other.loss)
  const columns: readonly Column<Candidate>[] = [
    { name: 'candidate', header: 'Candidate', cell: (one) => <span title={one.name}>{brief(one.name)}</span> },
    { name: 'loss', header: `${measure}, less is better`, figures: true, cell: (one) => loss.format(one.loss) },
    { name: 'chosen', header: <span className="visually-hidden">Chosen</span>, cell: (one) => one.chosen && <Badge tone="accent">chosen</Badge> },
  ]
  return (
    <Card flush title="What was tried">
      <Table label="What was tried" columns={columns} rows={candidates} rowKey={(one) => one.name} />
    </Card>
  )
}

const SHORT: readonly [long: string, short: string][] = [
  ['learning_rate', 'rate'],
  ['max_iter', 'rounds'],
  ['max_leaf_nodes', 'leaves'],
  ['l2_regularization', 'l2'],
]

function brief(name: string): string {
  return SHORT.reduce((text, [long, short]) => text.replace(long, short), name)
}
