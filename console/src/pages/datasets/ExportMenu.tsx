import { Button } from '../../components/Button'
import { download } from '../../components/download'
import { Menu, MenuItem } from '../../components/Menu'
import { toast } from '../../components/Toasts'
import { whole } from './exporting'
import { FORMATS, type RowsSeen } from './rows'

/** The rows that pass, as a file. */
export function ExportMenu({ seen }: { seen: RowsSeen }) {
  return (
    <Menu trigger={<Button>Export</Button>}>
      {Object.entries(FORMATS).map(([format, label]) => (
        <MenuItem
          key={format}
          onSelect={() => {
            download(whole(seen, format), `${seen.name}.${format}`)
            toast(`${seen.name}.${format} is on its way: the first 10,000 of the rows seen here; SQL exports more`)
          }}
        >
          {label}
        </MenuItem>
      ))}
    </Menu>
  )
}
