import { Select } from '../../../components/Field'

interface KeyColumnsProps {
  columns: readonly string[]
  chosen: readonly string[]
  onChange: (chosen: readonly string[]) => void
}

/** By which columns a row is known again; after each choice another may follow. */
export function KeyColumns({ columns, chosen, onChange }: KeyColumnsProps) {
  function choose(at: number, name: string) {
    onChange(name === '' ? chosen.slice(0, at) : [...chosen.slice(0, at), name, ...chosen.slice(at + 1)])
  }
  return [...chosen, ''].slice(0, columns.length).map((key, at) => (
    <Select
      key={at}
      label={at === 0 ? 'A row is known by' : 'and by'}
      value={key}
      error={at === 0 && key === '' ? 'Choose the column that tells which row is which' : undefined}
      onChange={(event) => choose(at, event.target.value)}
    >
      <option value="">{at === 0 ? 'Choose a column' : 'nothing else'}</option>
      {columns
        .filter((name) => name === key || !chosen.includes(name))
        .map((name) => (
          <option key={name}>{name}</option>
        ))}
    </Select>
  ))
}
