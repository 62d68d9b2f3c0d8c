import { useState } from 'react'
import { Dialog } from '../components/Dialog'
import { Kbd } from '../components/Kbd'
import { letSingleKeysAct, type Reach, singleKeysAct, useBoundKeys } from './keys'
import classes from './KeyHelp.module.css'

const TITLES: Record<Reach, string> = { page: 'This page', everywhere: 'Everywhere' }
const REACHES: readonly Reach[] = ['page', 'everywhere']

/** The keys that act on this page. */
export function KeyHelp({ open, onClose }: { open: boolean; onClose: () => void }) {
  const bound = useBoundKeys()
  const [single, setSingle] = useState(singleKeysAct)
  return (
    <Dialog open={open} onClose={onClose} title="Keys">
      {REACHES.map((reach) => {
        const keys = bound.filter((key) => key.reach === reach)
        if (keys.length === 0) return null
        return (
          <section key={reach} className={classes.section}>
            <h3>{TITLES[reach]}</h3>
            <dl className={classes.keys}>
              {keys.map((key) => (
                <div key={key.keys} className={classes.key}>
                  <dt>{key.label}</dt>
                  <dd>
                    <Kbd keys={key.keys} />
                    <span className="visually-hidden">{key.keys}</span>
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        )
      })}
      <label className={classes.single}>
        <input
          type="checkbox"
          checked={single}
          onChange={(event) => {
            letSingleKeysAct(event.target.checked)
            setSingle(event.target.checked)
          }}
        />
        Single letters act
      </label>
    </Dialog>
  )
}
