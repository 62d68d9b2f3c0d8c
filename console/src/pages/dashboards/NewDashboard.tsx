import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { dashboardHref, makeDashboard } from '../../api/dashboards'
import { nameFor } from '../../api/names'
import { Field } from '../../components/Field'
import { FormDialog } from '../../components/FormDialog'

/** Asks for a title, then goes to arrange the new dashboard. */
export function NewDashboard({ onClose }: { onClose: () => void }) {
  const navigate = useNavigate()
  const [title, setTitle] = useState('')
  const [name, setName] = useState('')
  const make = useMutation({
    mutationFn: () => makeDashboard(name || nameFor(title), { title, tiles: [] }),
    onSuccess: ({ saved }) => navigate({ to: `${dashboardHref(saved.name)}?edit=1` }),
  })
  return (
    <FormDialog
      onClose={onClose}
      title="Make a dashboard"
      submit="Make it"
      onSubmit={() => make.mutate()}
      busy={make.isPending}
      error={make.error}
    >
      <Field label="Title" required autoFocus maxLength={200} value={title} onChange={(event) => setTitle(event.target.value)} />
      <Field
        label="Name"
        hint="In links and for programs: letters, digits, _ and -."
        maxLength={63}
        placeholder={nameFor(title) || undefined}
        value={name}
        onChange={(event) => setName(event.target.value)}
      />
    </FormDialog>
  )
}
