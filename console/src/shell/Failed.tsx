import type { ErrorComponentProps } from '@tanstack/react-router'
import { ProblemNotice } from '../components/ProblemNotice'
import { Page } from '../components/Page'

/** A page that failed: says what happened and tries again. */
export function Failed({ error, reset }: ErrorComponentProps) {
  return (
    <Page title="This page failed">
      <ProblemNotice error={error} retry={reset} />
    </Page>
  )
}
