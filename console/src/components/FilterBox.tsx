import { Search } from 'lucide-react'
import { useRef } from 'react'
import { useKeys } from '../shell/keys'
import { Kbd } from './Kbd'
import classes from './FilterBox.module.css'

interface FilterBoxProps {
  label: string
  /** From the link's search, so that the filter is part of the link. */
  value: string
  onChange: (value: string) => void
}

/** Narrows a list; `/` goes there, Esc empties it and then leaves it. */
export function FilterBox({ label, value, onChange }: FilterBoxProps) {
  const input = useRef<HTMLInputElement>(null)
  useKeys([{ keys: '/', label, run: () => input.current?.focus() }])
  return (
    <div className={classes.box}>
      <Search size={16} aria-hidden="true" />
      <input
        ref={input}
        type="search"
        aria-label={label}
        placeholder={label}
        value={value}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return
          event.preventDefault()
          if (value) onChange('')
          else input.current?.blur()
        }}
      />
      <Kbd keys="/" />
    </div>
  )
}
