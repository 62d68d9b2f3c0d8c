import { percent } from '../../../components/figures'
import { Card } from '../../../components/Card'
import type { Confusion as Counts } from './confusion'
import classes from './Plots.module.css'

interface ConfusionProps {
  counts: Counts
  target: string
  /** The two classes, the one that counts as no first. */
  names: readonly [string, string]
}

/** How often each answer was right, on held-out rows. */
export function Confusion({ counts, target, names: [no, yes] }: ConfusionProps) {
  const all = counts.yesRight + counts.yesWrong + counts.noRight + counts.noWrong
  return (
    <Card title="Right and wrong" aside="on held-out rows">
      <table className={classes.confusion}>
        <caption className="visually-hidden">Answers beside what came true</caption>
        <thead>
          <tr>
            <td />
            <th scope="col">{target} was {no}</th>
            <th scope="col">{target} was {yes}</th>
          </tr>
        </thead>
        <tbody>
          <tr>
            <th scope="row">said {no}</th>
            <Count count={counts.noRight} all={all} right />
            <Count count={counts.noWrong} all={all} />
          </tr>
          <tr>
            <th scope="row">said {yes}</th>
            <Count count={counts.yesWrong} all={all} />
            <Count count={counts.yesRight} all={all} right />
          </tr>
        </tbody>
      </table>
    </Card>
  )
}

function Count({ count, all, right = false }: { count: number; all: number; right?: boolean }) {
  return (
    <td className={right ? classes.right : classes.wrong}>
      <strong>{count.toLocaleString()}</strong>
      <span>
        {right ? 'right' : 'wrong'}, {percent(count / all)}
      </span>
    </td>
  )
}
