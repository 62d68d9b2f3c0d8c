import { Button } from '../../components/Button'
import { Menu, MenuCheck, MenuItem, MenuLine } from '../../components/Menu'

interface ColumnMenuProps {
  columns: readonly string[]
  shown: readonly string[]
  /** None for all of them. */
  onChange: (shown: readonly string[] | undefined) => void
}

/** Which columns are seen. */
export function ColumnMenu({ columns, shown, onChange }: ColumnMenuProps) {
  const all = shown.length === columns.length
  function toggle(column: string, checked: boolean) {
    const next = columns.filter((one) => (one === column ? checked : shown.includes(one)))
    if (next.length > 0) onChange(next.length === columns.length ? undefined : next)
  }
  return (
    <Menu trigger={<Button>{all ? `${columns.length} columns` : `Columns ${shown.length} of ${columns.length}`}</Button>}>
      <MenuItem onSelect={() => onChange(undefined)}>Show all</MenuItem>
      <MenuLine />
      {columns.map((column) => (
        <MenuCheck key={column} checked={shown.includes(column)} onChange={(checked) => toggle(column, checked)}>
          {column}
        </MenuCheck>
      ))}
    </Menu>
  )
}
