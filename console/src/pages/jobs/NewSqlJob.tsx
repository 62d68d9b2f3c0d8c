import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useId, useState } from 'react'
import { queries } from '../../api/queries'
import { asProblem } from '../../api/problem'
import { compute, take } from '../../api/services'
import { Button } from '../../components/Button'
import { Dialog } from '../../components/Dialog'
import { Field, TextArea } from '../../components/Field'
import { ProblemNotice } from '../../components/ProblemNotice'
import classes from './Jobs.module.css'

/** Asks for a query and runs it as a job, whose answer can become a dataset. */
export function NewSqlJob({ open, onClose }: { open: boolean; onClose: () => void }) {
  const form = useId()
  const navigate = useNavigate()
  const [sql, setSql] = useState('')
  const [into, setInto] = useState('')
  const submit = useMutation({
    mutationFn: () =>
      take(compute.POST('/api/v1/compute/jobs', { body: { kind: 'sql', spec: { sql, ...(into && { into }) } } })),
    onSuccess: (job) => {
      void queries.invalidateQueries({ queryKey: ['jobs'] })
      void navigate({ to: `/jobs/${job.id}` })
    },
  })
  const problem = submit.error ? asProblem(submit.error) : undefined
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title="Run SQL as a job"
      description="It goes on when you leave, and is found again under Jobs."
      wide
      actions={
        <>
          <Button onClick={onClose}>Close</Button>
          <Button kind="primary" type="submit" form={form} keys="mod+enter" busy={submit.isPending}>
            Run
          </Button>
        </>
      }
    >
      <form
        id={form}
        className={classes.form}
        onSubmit={(event) => {
          event.preventDefault()
          submit.mutate()
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) event.currentTarget.requestSubmit()
        }}
      >
        <TextArea
          label="SQL"
          value={sql}
          onChange={(event) => setSql(event.target.value)}
          error={problem?.about('spec.sql')}
          required
          autoFocus
          rows={6}
          spellCheck={false}
          placeholder="SELECT origin, count(*) AS flights FROM flights GROUP BY origin"
        />
        <Field
          label="Into dataset"
          value={into}
          onChange={(event) => setInto(event.target.value)}
          error={problem?.about('spec.into')}
          hint="The answer becomes its next version. Left empty, the first rows stand in the job’s result."
          autoComplete="off"
          spellCheck={false}
        />
        {submit.isError && <ProblemNotice error={submit.error} />}
      </form>
    </Dialog>
  )
}
