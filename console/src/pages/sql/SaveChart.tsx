import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { viz, take } from '../../api/services'
import { Button } from '../../components/Button'
import { Dialog } from '../../components/Dialog'
import { Field, Select } from '../../components/Field'
import { ProblemNotice } from '../../components/ProblemNotice'
import { toast } from '../../components/Toasts'
import type { Spec } from '../../components/vega/chart'
import { places } from '../../shell/places'
import { addToDashboard, saveChart } from './saving'
import classes from './Outcome.module.css'

interface SaveChartProps {
  open: boolean
  onClose: () => void
  spec: Spec
  sql: string
  /** Of a title. */
  suggestion: string
}

/** Keeps the chart with its query under a name, and puts it on a dashboard. */
export function SaveChart({ open, onClose, spec, sql, suggestion }: SaveChartProps) {
  const [title, setTitle] = useState(suggestion)
  const [own, setOwn] = useState<string>()
  const [dashboard, setDashboard] = useState('')
  const cache = useQueryClient()
  const navigate = useNavigate()
  const dashboards = useQuery({
    queryKey: ['dashboards'],
    queryFn: ({ signal }) => take(viz.GET('/api/v1/viz/dashboards', { params: { query: { limit: 100 } }, signal })),
    enabled: open,
  })
  const name = own ?? slug(title)
  const save = useMutation({
    mutationFn: async () => {
      await saveChart(name, { title, spec, sql })
      if (dashboard) await addToDashboard(dashboard, name)
    },
    onSuccess: () => {
      void cache.invalidateQueries({ queryKey: ['charts'] })
      void cache.invalidateQueries({ queryKey: ['dashboards'] })
      const href = dashboard ? `/dashboards/${encodeURIComponent(dashboard)}` : `/charts/${encodeURIComponent(name)}`
      const there = places.some((place) => href.startsWith(`${place.href}/`))
      const open = { action: { label: 'Open', run: () => void navigate({ to: href }) } }
      toast(dashboard ? `${title || name} is on ${dashboard}` : `${title || name} was saved`, there ? open : {})
      onClose()
    },
  })
  function submit(event: FormEvent) {
    event.preventDefault()
    if (name && !save.isPending) save.mutate()
  }
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title="Save chart"
      description="It keeps its query, so it is drawn from the data as it then is."
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" form="save-chart" disabled={!name} busy={save.isPending}>
            Save chart
          </Button>
        </>
      }
    >
      <form id="save-chart" className={classes.form} onSubmit={submit}>
        <Field label="Title" value={title} maxLength={200} autoFocus onChange={(event) => setTitle(event.target.value)} />
        <Field
          label="Name"
          hint="In links and in the API; a chart of that name is replaced"
          value={name}
          maxLength={63}
          spellCheck={false}
          onChange={(event) => setOwn(slug(event.target.value))}
        />
        <Select label="Put it on a dashboard" value={dashboard} onChange={(event) => setDashboard(event.target.value)}>
          <option value="">none</option>
          {dashboards.data?.items.map((one) => (
            <option key={one.name} value={one.name}>
              {one.title || one.name}
            </option>
          ))}
        </Select>
        {save.isError && <ProblemNotice error={save.error} />}
      </form>
    </Dialog>
  )
}

function slug(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9_]+/g, '_').replace(/^[_0-9]+/, '').slice(0, 63)
}
