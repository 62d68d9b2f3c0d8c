import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { addToDashboard, dashboardsQuery } from '../../api/dashboards'
import { Field, Select } from '../../components/Field'
import { FormDialog } from '../../components/FormDialog'
import { toast } from '../../components/Toasts'
import type { Spec } from '../../components/vega/chart'
import { places } from '../../shell/places'
import { saveChart } from './saving'

interface SaveChartProps {
  onClose: () => void
  spec: Spec
  sql: string
  /** Of a title. */
  suggestion: string
}

/** Keeps the chart with its query under a name, and puts it on a dashboard. */
export function SaveChart({ onClose, spec, sql, suggestion }: SaveChartProps) {
  const [title, setTitle] = useState(suggestion)
  const [own, setOwn] = useState<string>()
  const [dashboard, setDashboard] = useState('')
  const cache = useQueryClient()
  const navigate = useNavigate()
  const dashboards = useQuery(dashboardsQuery).data
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
  return (
    <FormDialog
      onClose={onClose}
      title="Save chart"
      description="It keeps its query, so it is drawn from the data as it then is."
      submit="Save chart"
      onSubmit={() => save.mutate()}
      busy={save.isPending}
      ready={name !== ''}
      error={save.error}
    >
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
        {dashboards?.map((one) => (
          <option key={one.name} value={one.name}>
            {one.title || one.name}
          </option>
        ))}
      </Select>
    </FormDialog>
  )
}

function slug(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9_]+/g, '_').replace(/^[_0-9]+/, '').slice(0, 63)
}
