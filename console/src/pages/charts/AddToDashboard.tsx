import { useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { addToDashboard, dashboardHref, dashboardsQuery, makeDashboard, tileBelow } from '../../api/dashboards'
import { nameFor } from '../../api/names'
import type { Chart } from '../../api/types'
import { Field, Select } from '../../components/Field'
import { FormDialog } from '../../components/FormDialog'
import { toast } from '../../components/Toasts'

/** Asks on which dashboard the chart shall stand, a new one unless another is chosen, then goes there. */
export function AddToDashboard({ chart, onClose }: { chart: Chart; onClose: () => void }) {
  const navigate = useNavigate()
  const dashboards = useQuery(dashboardsQuery).data
  const [onto, choose] = useState('')
  const [title, setTitle] = useState(chart.title || chart.name)
  const add = useMutation({
    mutationFn: () =>
      onto
        ? addToDashboard(onto, chart.name)
        : makeDashboard(nameFor(title), { title, tiles: [tileBelow([], { chart: chart.name })] }),
    onSuccess: async ({ saved }) => {
      toast(`${chart.title || chart.name} is on ${saved.title || saved.name}`)
      await navigate({ to: dashboardHref(saved.name) })
    },
  })
  return (
    <FormDialog
      onClose={onClose}
      title="Add to a dashboard"
      description="The chart stays where it is: a dashboard shows it."
      submit="Add"
      onSubmit={() => add.mutate()}
      busy={add.isPending}
      error={add.error}
    >
      <Select label="Dashboard" value={onto} autoFocus onChange={(event) => choose(event.target.value)}>
        <option value="">A new one</option>
        {dashboards?.map((one) => (
          <option key={one.name} value={one.name}>
            {one.title || one.name}
          </option>
        ))}
      </Select>
      {onto === '' && (
        <Field
          label="Title of the new one"
          required
          maxLength={200}
          value={title}
          onChange={(event) => setTitle(event.target.value)}
        />
      )}
    </FormDialog>
  )
}
