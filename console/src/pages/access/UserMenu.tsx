import { Ellipsis } from 'lucide-react'
import { Button } from '../../components/Button'
import { Menu, MenuChoice, MenuItem, MenuLine } from '../../components/Menu'
import type { Role } from '../../api/types'
import { ROLES } from './RoleBadge'
import type { User, UserChange } from './types'

/** What was chosen to be done with an account. */
export type Act = { act: 'change'; change: UserChange } | { act: 'password' } | { act: 'delete' }

export function UserMenu({ user, onAct }: { user: User; onAct: (act: Act) => void }) {
  const change = (change: UserChange) => onAct({ act: 'change', change })
  return (
    <Menu trigger={<Button kind="quiet" icon={Ellipsis} aria-label={`Actions for ${user.name}`} />}>
      <MenuChoice
        label="Role"
        value={user.role}
        options={ROLES.map((one) => one.role)}
        onChange={(role) => change({ role: role as Role })}
      />
      <MenuLine />
      <MenuItem onSelect={() => onAct({ act: 'password' })}>Reset password</MenuItem>
      <MenuItem onSelect={() => change({ disabled: !user.disabled })}>{user.disabled ? 'Enable' : 'Disable'}</MenuItem>
      <MenuItem bad onSelect={() => onAct({ act: 'delete' })}>
        Delete
      </MenuItem>
    </Menu>
  )
}
