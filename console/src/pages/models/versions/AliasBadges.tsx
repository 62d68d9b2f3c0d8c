import { X } from 'lucide-react'
import type { Model } from '../../../api/types'
import { Badge } from '../../../components/Badge'
import { pointAlias } from './aliases'
import classes from './Versions.module.css'

interface AliasBadgesProps {
  model: Model
  version: number
  mayChange: boolean
}

/** The aliases of a version, each with the way to take it away. */
export function AliasBadges({ model, version, mayChange }: AliasBadgesProps) {
  const aliases = Object.keys(model.aliases).filter((alias) => model.aliases[alias] === version)
  return (
    <span className={classes.badges}>
      {aliases.map((alias) => (
        <Badge key={alias} tone={alias === 'champion' ? 'accent' : 'neutral'}>
          {alias}
          {mayChange && (
            <button
              type="button"
              className={classes.remove}
              aria-label={`Take ${alias} away`}
              onClick={() => void pointAlias(model, alias, undefined)}
            >
              <X size={12} aria-hidden="true" />
            </button>
          )}
        </Badge>
      ))}
    </span>
  )
}
