import { useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { chartHref, chartsQuery, saveChart } from '../../api/charts'
import { datasetsQuery } from '../../api/datasets'
import { nameFor, nameTaken } from '../../api/names'
import { queries } from '../../api/queries'
import { Button, LinkButton } from '../../components/Button'
import { Field } from '../../components/Field'
import { Page } from '../../components/Page'
import { ProblemNotice } from '../../components/ProblemNotice'
import { Unsaved } from '../../components/Unsaved'
import { toast } from '../../components/Toasts'
import { useKeys } from '../../shell/keys'
import { effective, emptyDraft, toSave } from './draft'
import { Maker } from './Maker'
import { chartsRoute } from './place'

/** Makes a chart; the link may name the dataset or the query that it starts from. */
export function NewChart() {
  const { dataset, sql } = chartsRoute.useSearch()
  const navigate = useNavigate()
  const [draft, setDraft] = useState(() => emptyDraft(dataset, sql))
  const [name, setName] = useState('')
  const called = name || nameFor(draft.title)
  const datasets = useQuery(datasetsQuery).data
  const save = useMutation({
    mutationFn: async () => {
      const all = await queries.fetchQuery(chartsQuery)
      if (all.some((chart) => chart.name === called)) throw nameTaken('chart', called)
      const whole = effective(draft, datasets?.find((one) => one.name === draft.dataset))
      return saveChart(called, toSave(whole), null)
    },
    onSuccess: async ({ saved }) => {
      toast(`${saved.title || saved.name} is saved`)
      await navigate({ to: chartHref(saved.name), ignoreBlocker: true })
    },
  })
  useKeys([{ keys: 'mod+enter', label: 'Save', run: () => save.mutate() }])
  return (
    <Page
      title="Make a chart"
      above={[{ label: 'Charts', href: '/charts' }]}
      actions={
        <>
          <LinkButton href="/charts">Cancel</LinkButton>
          <Button kind="primary" keys="mod+enter" busy={save.isPending} onClick={() => save.mutate()}>
            Save
          </Button>
        </>
      }
    >
      {save.isError && <ProblemNotice error={save.error} />}
      <Unsaved when={JSON.stringify(draft) !== JSON.stringify(emptyDraft(dataset, sql))} />
      <Maker
        draft={draft}
        onChange={setDraft}
        first={
          <Field
            label="Name"
            hint="In links and for programs: letters, digits, _ and -."
            maxLength={63}
            placeholder={nameFor(draft.title) || undefined}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        }
      />
    </Page>
  )
}
