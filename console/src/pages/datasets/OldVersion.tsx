import type { Dataset } from '../../api/types'
import { Button, LinkButton } from '../../components/Button'
import { hrefOf } from './hrefs'
import { restore } from './upload/undo'
import classes from './DatasetPage.module.css'

/** Says that an old version is seen, and leads back. */
export function OldVersion({ dataset, version, mayWrite }: { dataset: Dataset; version: number; mayWrite: boolean }) {
  return (
    <div className={classes.old} role="status">
      <p>
        You look at version {version}; the newest is {dataset.version}.
      </p>
      {mayWrite && (
        <Button onClick={() => void restore(dataset.name, version, dataset.version)}>Restore version {version}</Button>
      )}
      <LinkButton href={hrefOf(dataset.name)}>Newest version</LinkButton>
    </div>
  )
}
