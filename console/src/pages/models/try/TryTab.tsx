import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { Button } from '../../../components/Button'
import { Card } from '../../../components/Card'
import { ProblemNotice } from '../../../components/ProblemNotice'
import { SkeletonBlock } from '../../../components/Skeleton'
import type { ModelVersion } from '../models'
import { modelRoute } from '../place'
import { Answered } from './Answered'
import { CallCode } from './CallCode'
import { FeatureField } from './FeatureField'
import { exampleRow, inputsOf, missing, rowOf } from './inputs'
import { predictionQuery } from './predict'
import classes from './Try.module.css'

const PAUSE_MS = 250
const HEIGHT = 200

/** A form of the model's inputs, with what it says about them as they change. The inputs are part of the link. */
export function TryTab({ version }: { version: ModelVersion }) {
  const search = modelRoute.useSearch()
  const navigate = modelRoute.useNavigate()
  const { features } = version
  const row = search.row ?? exampleRow(features)
  const [inputs, setInputs] = useState(() => inputsOf(features, row))
  const lacking = missing(features, rowOf(features, inputs))
  const answer = useQuery(predictionQuery(version.model, version.version, row, missing(features, row).length === 0))
  useEffect(() => {
    const next = rowOf(features, inputs)
    if (missing(features, next).length > 0 || JSON.stringify(next) === JSON.stringify(rowOf(features, inputsOf(features, row)))) return
    const timer = setTimeout(() => void navigate({ search: { ...search, row: next }, replace: true }), PAUSE_MS)
    return () => clearTimeout(timer)
  }, [inputs])
  return (
    <div className={classes.halves}>
      <Card
        title="Inputs"
        aside={
          <Button
            kind="quiet"
            onClick={() => {
              setInputs(inputsOf(features, exampleRow(features)))
            }}
          >
            Back to the example
          </Button>
        }
      >
        <form className={classes.fields} onSubmit={(event) => event.preventDefault()}>
          {features.map((feature) => (
            <FeatureField
              key={feature.name}
              feature={feature}
              value={inputs[feature.name] ?? ''}
              onChange={(value) => setInputs({ ...inputs, [feature.name]: value })}
            />
          ))}
        </form>
      </Card>
      <div className={classes.stack}>
        <Card title={`What it says about ${version.target}`}>
          <div role="status" aria-busy={answer.isFetching}>
            {lacking.length > 0 ? (
              <p>Needs {lacking.join(', ')}.</p>
            ) : answer.isError ? (
              <ProblemNotice error={answer.error} retry={() => void answer.refetch()} />
            ) : answer.data ? (
              <Answered timed={answer.data} version={version} />
            ) : (
              <SkeletonBlock height={HEIGHT} />
            )}
          </div>
        </Card>
        <CallCode version={version} row={row} />
      </div>
    </div>
  )
}
