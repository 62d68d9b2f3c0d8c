import { Plus, X } from 'lucide-react'
import { type FormEvent, useState } from 'react'
import { Button } from '../../components/Button'
import { Field, Select } from '../../components/Field'
import { useKeys } from '../../shell/keys'
import { type Filter, filterOf, filtersOf, inWords, OPERATORS, shownInput, whereOf } from './filters'
import classes from './RowsTab.module.css'

interface FiltersProps {
  columns: readonly { name: string }[]
  where: string
  onChange: (where: string) => void
}

/** The conditions on the rows, each to be changed or taken away. */
export function Filters({ columns, where, onChange }: FiltersProps) {
  const [editing, edit] = useState<number | 'new'>()
  const filters = filtersOf(where)
  useKeys([{ keys: '/', label: 'Filter rows', run: () => edit('new') }])
  function keep(filter: Filter) {
    onChange(whereOf(editing === 'new' ? [...filters, filter] : filters.map((one, at) => (at === editing ? filter : one))))
    edit(undefined)
  }
  return (
    <div className={classes.filters}>
      {filters.map((filter, index) => (
        <span key={`${index} ${filter.column}`} className={classes.chip}>
          <button type="button" onClick={() => edit(index)}>
            {inWords(filter)}
          </button>
          <button
            type="button"
            aria-label={`Without ${inWords(filter)}`}
            onClick={() => onChange(whereOf(filters.filter((_, at) => at !== index)))}
          >
            <X size={12} aria-hidden="true" />
          </button>
        </span>
      ))}
      <Button kind="quiet" icon={Plus} keys="/" aria-expanded={editing === 'new'} onClick={() => edit('new')}>
        Filter
      </Button>
      {editing !== undefined && (
        <FilterForm
          key={editing}
          columns={columns}
          filter={editing === 'new' ? undefined : filters[editing]}
          onKeep={keep}
          onClose={() => edit(undefined)}
        />
      )}
    </div>
  )
}

interface FilterFormProps {
  columns: readonly { name: string }[]
  filter: Filter | undefined
  onKeep: (filter: Filter) => void
  onClose: () => void
}

function FilterForm({ columns, filter, onKeep, onClose }: FilterFormProps) {
  const [column, setColumn] = useState(filter?.column ?? columns[0]?.name ?? '')
  const [operator, setOperator] = useState(filter?.operator ?? 'eq')
  const [value, setValue] = useState(filter ? shownInput(filter.operator, filter.value) : '')
  const valueless = operator.startsWith('is.')
  function submit(event: FormEvent) {
    event.preventDefault()
    onKeep(filterOf(column, operator, value))
  }
  return (
    <form
      className={classes.adding}
      aria-label="Filter"
      onSubmit={submit}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return
        event.preventDefault()
        onClose()
      }}
    >
      <Select label="Column" autoFocus value={column} onChange={(event) => setColumn(event.target.value)}>
        {columns.map((one) => (
          <option key={one.name}>{one.name}</option>
        ))}
      </Select>
      <Select label="Condition" value={operator} onChange={(event) => setOperator(event.target.value)}>
        {OPERATORS.map((one) => (
          <option key={one.operator} value={one.operator}>
            {one.words}
          </option>
        ))}
      </Select>
      {!valueless && (
        <Field
          label={operator === 'in' ? 'Values, with commas between' : 'Value'}
          value={value}
          onChange={(event) => setValue(event.target.value)}
        />
      )}
      <Button type="submit">{filter ? 'Change filter' : 'Add filter'}</Button>
      <Button kind="quiet" onClick={onClose}>
        Cancel
      </Button>
    </form>
  )
}
