import type { Model } from '../../../api/types'
import { Button } from '../../../components/Button'
import { Menu, MenuItem } from '../../../components/Menu'
import { pointAlias } from './aliases'

interface AliasMenuProps {
  model: Model
  version: number
  onOther: () => void
}

/** Gives the version an alias. */
export function AliasMenu({ model, version, onOther }: AliasMenuProps) {
  const offered = ['champion', 'challenger'].filter((alias) => model.aliases[alias] !== version)
  return (
    <Menu trigger={<Button aria-label={`Give alias to version ${version}`}>Give alias</Button>}>
      {offered.map((alias) => (
        <MenuItem key={alias} onSelect={() => void pointAlias(model, alias, version)}>
          Make {alias}
        </MenuItem>
      ))}
      <MenuItem onSelect={onOther}>Another alias…</MenuItem>
    </Menu>
  )
}
