import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type SubmitEvent, useId, useState } from 'react'
import { dashboardHref, dashboardsQuery, saveDashboard } from '../../api/dashboards'
import { Problem } from '../../api/problem'
import { queries } from '../../api/queries'
import { Button } from '../../components/Button'
import { Dialog } from '../../components/Dialog'
import { Field } from '../../components/Field'
import { ProblemNotice } from '../../components/ProblemNotice'
import classes from './Dashboards.module.css'

/** Asks for a title, then goes to arrange the new dashboard. */
export function NewDashboard({ open, onClose }: { open: boolean; onClose: () => void }) {
  const id = useId()
  const navigate = useNavigate()
  const [title, setTitle] = useState('')
  const [name, setName] = useState('')
  const called = name || nameFor(title)
  const make = useMutation({
    mutationFn: async () => {
      const all = await queries.fetchQuery(dashboardsQuery)
      if (all.some((one) => one.name === called)) throw taken(called)
      return saveDashboard(called, { title, tiles: [] }, null)
    },
    onSuccess: ({ saved }) => navigate({ to: `${dashboardHref(saved.name)}?edit=1` }),
  })
  function submit(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault()
    make.mutate()
  }
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title="Make a dashboard"
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" form={id} busy={make.isPending}>
            Make it
          </Button>
        </>
      }
    >
      <form id={id} className={classes.stack} onSubmit={submit}>
        <Field label="Title" required autoFocus maxLength={200} value={title} onChange={(event) => setTitle(event.target.value)} />
        <Field
          label="Name"
          hint="In links and for programs: letters, digits, _ and -."
          maxLength={63}
          placeholder={nameFor(title) || undefined}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        {make.isError && <ProblemNotice error={make.error} />}
      </form>
    </Dialog>
  )
}

function nameFor(title: string): string {
  return title
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '')
    .slice(0, 63)
}

function taken(name: string): Problem {
  return new Problem(409, {
    title: 'The name is taken',
    detail: `There is a dashboard named ${name}. Give this one another name.`,
    code: 'name_taken',
  })
}
