import { LinkButton } from '../components/Button'
import { EmptyState } from '../components/EmptyState'
import { Page } from '../components/Page'

/** A path that leads nowhere. */
export function Nowhere() {
  return (
    <Page title="Nothing is here">
      <EmptyState title="This link leads nowhere" actions={<LinkButton href="/" kind="primary">Go home</LinkButton>}>
        What it named may have been renamed or deleted, or belongs to a newer version of DataLab.
      </EmptyState>
    </Page>
  )
}
