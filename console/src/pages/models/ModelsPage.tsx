import { useQuery } from '@tanstack/react-query'
import { useMay, useRefusal } from '../../api/rights'
import { Button, LinkButton } from '../../components/Button'
import { Card } from '../../components/Card'
import { EmptyState } from '../../components/EmptyState'
import { counted } from '../../components/figures'
import { FilterBox } from '../../components/FilterBox'
import { Page, Toolbar } from '../../components/Page'
import { ProblemNotice } from '../../components/ProblemNotice'
import { Table } from '../../components/Table'
import { useKeys } from '../../shell/keys'
import { columns } from './columns'
import { modelsQuery } from './models'
import { modelsRoute } from './place'
import { TrainDialog } from './train/TrainDialog'

/** All models, and the way to a new one. */
export function ModelsPage() {
  const search = modelsRoute.useSearch()
  const navigate = modelsRoute.useNavigate()
  const models = useQuery(modelsQuery)
  const mayTrain = useMay('editor')
  const refusal = useRefusal(search.train === true, 'train models')
  const filter = search.filter?.toLowerCase() ?? ''
  const rows = models.data?.filter((model) => `${model.name} ${model.target}`.toLowerCase().includes(filter))
  const open = () => void navigate({ search: { ...search, train: true } })
  const close = () => void navigate({ search: { filter: search.filter } })
  useKeys(mayTrain ? [{ keys: 'n', label: 'Train a model', run: open }] : [])
  return (
    <Page
      title="Models"
      about="Trained on your data, judged on rows that they have not seen."
      actions={
        mayTrain && (
          <Button kind="primary" keys="n" onClick={open}>
            Train a model
          </Button>
        )
      }
    >
      {refusal && <ProblemNotice error={refusal} />}
      {models.data?.length === 0 ? (
        <Card>
          <EmptyState
            title="No models yet"
            actions={
              <>
                {mayTrain && <Button onClick={open}>Train from a dataset</Button>}
                <LinkButton href="/jobs?kind=train">See trainings</LinkButton>
              </>
            }
          >
            Choose a dataset and the column to predict; candidates are tried, the best one is kept. A sample model on real
            flights comes from <code>datalab demo</code> in a terminal.
          </EmptyState>
        </Card>
      ) : (
        <>
          <Toolbar aside={models.data && counted(models.data.length, 'model')}>
            <FilterBox
              label="Filter models"
              value={search.filter ?? ''}
              onChange={(next) => void navigate({ search: { ...search, filter: next || undefined }, replace: true })}
            />
          </Toolbar>
          {models.isError && <ProblemNotice error={models.error} retry={() => void models.refetch()} />}
          {!(models.isError && rows === undefined) && (
            <Card flush>
              {rows?.length === 0 ? (
                <EmptyState title={`No model is called “${search.filter}”`} />
              ) : (
                <Table label="Models" columns={columns} rows={rows} rowKey={(model) => model.name} />
              )}
            </Card>
          )}
        </>
      )}
      <TrainDialog key={String(search.train)} open={search.train === true && mayTrain} dataset={search.dataset} target={search.target} onClose={close} />
    </Page>
  )
}
