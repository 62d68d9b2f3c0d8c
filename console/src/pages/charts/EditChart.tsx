import { useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { chartHref, saveChart, type Tagged } from '../../api/charts'
import { datasetsQuery } from '../../api/datasets'
import { asProblem } from '../../api/problem'
import type { Chart } from '../../api/types'
import { Button, LinkButton } from '../../components/Button'
import { Page } from '../../components/Page'
import { ProblemNotice } from '../../components/ProblemNotice'
import { ConflictNotice } from '../../components/ConflictNotice'
import { Unsaved } from '../../components/Unsaved'
import { toast } from '../../components/Toasts'
import { useKeys } from '../../shell/keys'
import type { Step } from '../../shell/trail'
import { draftOfChart, effective, toSave } from './draft'
import { Maker } from './Maker'

const GONE_OR_CHANGED = 412

/** Changes a chart; saved only over the state that was read, unless one says otherwise. */
export function EditChart({ tagged, above }: { tagged: Tagged<Chart>; above: readonly Step[] }) {
  const navigate = useNavigate()
  // What was read when the editing began: a later read must not change under the hands.
  const [{ saved: chart, etag }] = useState(tagged)
  const [draft, setDraft] = useState(() => draftOfChart(chart))
  const datasets = useQuery(datasetsQuery).data
  const save = useMutation({
    mutationFn: (over: string | null) => {
      const whole = effective(draft, datasets?.find((one) => one.name === draft.dataset))
      return saveChart(chart.name, toSave(whole), over)
    },
    onSuccess: async ({ saved }) => {
      toast(`${saved.title || saved.name} is saved`, {
        action: { label: 'Undo', run: () => void undo() },
      })
      await navigate({ to: chartHref(chart.name), ignoreBlocker: true })
    },
  })
  async function undo() {
    try {
      await saveChart(chart.name, toSave(draftOfChart(chart)), null)
    } catch (error) {
      toast(`The change stays: ${asProblem(error).detail}`, { bad: true })
    }
  }
  useKeys([
    { keys: 'mod+enter', label: 'Save', run: () => save.mutate(etag) },
    { keys: 'escape', label: 'Leave without saving', run: () => void navigate({ to: chartHref(chart.name) }) },
  ])
  return (
    <Page
      title={chart.title || chart.name}
      above={above}
      actions={
        <>
          <LinkButton href={chartHref(chart.name)}>Cancel</LinkButton>
          <Button kind="primary" keys="mod+enter" busy={save.isPending} onClick={() => save.mutate(etag)}>
            Save
          </Button>
        </>
      }
    >
      {save.isError &&
        (asProblem(save.error).status === GONE_OR_CHANGED ? (
          <ConflictNotice href={chartHref(chart.name)} onSaveAnyway={() => save.mutate(null)} />
        ) : (
          <ProblemNotice error={save.error} />
        ))}
      <Unsaved when={JSON.stringify(draft) !== JSON.stringify(draftOfChart(chart))} />
      <Maker draft={draft} onChange={setDraft} />
    </Page>
  )
}
