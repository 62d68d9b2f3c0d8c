import { Card, Figure } from '../../../components/Card'
import { measured } from '../metrics'
import type { ModelVersion } from '../models'
import { BarList } from './BarList'
import { Calibration } from './Calibration'
import { Candidates } from './Candidates'
import { Confusion } from './Confusion'
import { confusionOf } from './confusion'
import { Errors } from './Errors'
import { readCard } from './readCard'
import { Roc } from './Roc'
import { TrainingFacts } from './TrainingFacts'
import classes from '../Models.module.css'

const MOST_FEATURES = 20
const worth = new Intl.NumberFormat(undefined, { maximumSignificantDigits: 2 })

/** What a reader must know before trusting the version. */
export function CardTab({ version }: { version: ModelVersion }) {
  const card = readCard(version.card)
  const bins = card.calibration ?? []
  const names = version.classes.map(String)
  const [no = 'no', yes = 'yes'] = names
  const confusion = confusionOf(bins, version.metrics['accuracy'])
  const { roc, residuals } = version.plots ?? {}
  const isDrawn = bins.length > 0 || roc || residuals
  const importances = Object.entries(card.importances ?? {}).slice(0, MOST_FEATURES)
  return (
    <div className={classes.stack}>
      {card.warnings?.map((warning) => (
        <p key={warning} className={classes.warning}>
          <strong>Look twice:</strong> {warning}
        </p>
      ))}
      <div className={classes.figures}>
        {measured(version).map((one) => (
          <Figure key={one.name} name={one.label} value={one.shown} note={against(one.base, one.better)} />
        ))}
      </div>
      <div className={classes.halves}>
        <div className={classes.stack}>
          {importances.length > 0 && (
            <Card title="What it goes by" aside="loss gained by shuffling the column">
              <BarList
                label="What it goes by"
                bars={importances.map(([label, value]) => ({ label, value, shown: worth.format(value) }))}
              />
            </Card>
          )}
          {confusion && <Confusion counts={confusion} target={version.target} names={[no, yes]} />}
          {isDrawn && <TrainingFacts version={version} card={card} />}
        </div>
        <div className={classes.stack}>
          {roc && <Roc curve={roc} yes={`${version.target} ${yes}`} />}
          {residuals && <Errors residuals={residuals} target={version.target} />}
          {bins.length > 0 && <Calibration bins={bins} yes={`${version.target} ${yes}`} />}
          {!isDrawn && <TrainingFacts version={version} card={card} />}
        </div>
      </div>
      <Candidates card={card} />
    </div>
  )
}

function against(base: string | undefined, better: boolean | undefined): string {
  if (base === undefined) return ''
  if (better === undefined) return `base ${base}, the same`
  return `base ${base}, ${better ? 'better' : 'worse'}`
}
