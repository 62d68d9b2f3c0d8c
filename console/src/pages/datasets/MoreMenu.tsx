import { useNavigate } from '@tanstack/react-router'
import { Ellipsis } from 'lucide-react'
import type { Dataset } from '../../api/types'
import { Button } from '../../components/Button'
import { Menu, MenuItem } from '../../components/Menu'
import { remove } from './deleting'

/** What is seldom done to a dataset. */
export function MoreMenu({ dataset }: { dataset: Dataset }) {
  const navigate = useNavigate()
  return (
    <Menu trigger={<Button icon={Ellipsis} aria-label="More" />}>
      <MenuItem
        bad
        onSelect={() => {
          void navigate({ to: '/datasets' })
          void remove(dataset)
        }}
      >
        Delete {dataset.name}
      </MenuItem>
    </Menu>
  )
}
