import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Menu, MenuChoice, MenuItem, MenuLine } from '../components/Menu'
import { Skeleton } from '../components/Skeleton'
import { toast } from '../components/Toasts'
import { asProblem } from '../api/problem'
import { meQuery, signOut } from '../api/session'
import { choose, useChosen } from './appearance'
import classes from './Reader.module.css'

/** Who is signed in, how that reader likes it, and the way out. */
export function Reader({ onKeys }: { onKeys: () => void }) {
  const me = useQuery(meQuery).data
  const theme = useChosen('theme')
  const density = useChosen('density')
  const navigate = useNavigate()
  async function leave() {
    try {
      await signOut()
      await navigate({ to: '/sign-in' })
    } catch (error) {
      toast(`Still signed in: ${asProblem(error).detail}`, { bad: true })
    }
  }
  const trigger = (
    <button type="button" className={classes.reader}>
      <span className={classes.initial} aria-hidden="true">
        {me?.name.charAt(0).toUpperCase()}
      </span>
      {me ? <span className={classes.name}>{me.name}</span> : <Skeleton />}
      <span className={classes.role}>{me?.role}</span>
    </button>
  )
  return (
    <div className={classes.foot}>
      <Menu trigger={trigger} align="start">
        <MenuChoice label="Theme" value={theme} options={['system', 'light', 'dark']} onChange={(to) => choose('theme', to)} />
        <MenuChoice
          label="Density"
          value={density}
          options={['comfortable', 'compact']}
          onChange={(to) => choose('density', to)}
        />
        <MenuLine />
        <MenuItem onSelect={onKeys}>Keys of this page</MenuItem>
        <MenuItem onSelect={() => void leave()}>Sign out</MenuItem>
      </Menu>
    </div>
  )
}
