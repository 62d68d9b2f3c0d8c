import * as Radix from '@radix-ui/react-dialog'
import { useNavigate } from '@tanstack/react-router'
import { type KeyboardEvent, useEffect, useId, useState } from 'react'
import type { Role } from '../api/types'
import { useFocusReturn } from '../components/focusReturn'
import { Kbd } from '../components/Kbd'
import type { Place } from './place'
import { type Offer, useOffers } from './offers'
import classes from './CommandPalette.module.css'

interface CommandPaletteProps {
  open: boolean
  onClose: () => void
  places: readonly Place[]
  role: Role
}

/** Finds anything and runs anything. */
export function CommandPalette({ open, onClose, places, role }: CommandPaletteProps) {
  const focusReturn = useFocusReturn(open)
  return (
    <Radix.Root open={open} onOpenChange={(next) => !next && onClose()}>
      <Radix.Portal>
        <Radix.Overlay className={classes.scrim} />
        <Radix.Content className={classes.palette} aria-describedby={undefined} {...focusReturn}>
          <Radix.Title className="visually-hidden">Search or run</Radix.Title>
          <Inside places={places} role={role} onClose={onClose} />
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}

function Inside({ places, role, onClose }: Omit<CommandPaletteProps, 'open'>) {
  const [text, setText] = useState('')
  const [at, setAt] = useState(0)
  const id = useId()
  const navigate = useNavigate()
  const { offers, looking } = useOffers(places, role, text.trim())
  const chosen = Math.min(at, offers.length - 1)
  useEffect(() => setAt(0), [text])
  useEffect(() => {
    void document.getElementById(`${id}-${chosen}`)?.scrollIntoView({ block: 'nearest' })
  }, [id, chosen])
  function run(offer: Offer | undefined) {
    if (!offer) return
    onClose()
    offer.run((href) => void navigate({ to: href }))
  }
  function onKeyDown(event: KeyboardEvent) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
    if (step) setAt((chosen + step + offers.length) % offers.length)
    else if (event.key === 'Enter') run(offers[chosen])
    else return
    event.preventDefault()
  }
  return (
    <>
      <input
        className={classes.input}
        role="combobox"
        aria-label="Search or run"
        aria-expanded="true"
        aria-controls={`${id}-list`}
        aria-activedescendant={offers.length > 0 ? `${id}-${chosen}` : undefined}
        aria-autocomplete="list"
        placeholder="Search or run"
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={onKeyDown}
      />
      <div id={`${id}-list`} className={classes.list} role="listbox" aria-label="Found" tabIndex={-1}>
        {offers.map((offer, index) => (
          <Line
            key={offer.key}
            id={`${id}-${index}`}
            offer={offer}
            chosen={index === chosen}
            headed={offer.kind !== offers[index - 1]?.kind}
            onHover={() => setAt(index)}
            onRun={() => run(offer)}
          />
        ))}
      </div>
      <p className={classes.foot} role="status">
        {looking ? 'Looking' : offers.length === 0 ? `Nothing is called “${text.trim()}”` : `${offers.length} found`}
      </p>
    </>
  )
}

interface LineProps {
  id: string
  offer: Offer
  chosen: boolean
  headed: boolean
  onHover: () => void
  onRun: () => void
}

function Line({ id, offer, chosen, headed, onHover, onRun }: LineProps) {
  return (
    <>
      {headed && (
        <div className={classes.kind} role="presentation">
          {offer.kind}
        </div>
      )}
      <div
        id={id}
        className={classes.line}
        role="option"
        aria-selected={chosen}
        onPointerMove={onHover}
        onClick={onRun}
      >
        <span className={classes.label}>{offer.label}</span>
        <span className={classes.detail}>{offer.detail}</span>
        {offer.keys && <Kbd keys={offer.keys} />}
      </div>
    </>
  )
}
