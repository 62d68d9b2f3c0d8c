import { Link } from '@tanstack/react-router'
import { Menu as MenuIcon, Search } from 'lucide-react'
import { Button } from '../components/Button'
import { Kbd } from '../components/Kbd'
import { useShownTrail } from './trail'
import classes from './TopBar.module.css'

/** The bar above the page: where it stands, and the way to everything else. */
export function TopBar({ onMenu, onSearch }: { onMenu: () => void; onSearch: () => void }) {
  const trail = useShownTrail()
  return (
    <header className={classes.bar}>
      <span className={classes.menu}>
        <Button icon={MenuIcon} aria-label="Places" onClick={onMenu} />
      </span>
      <nav aria-label="Where this page stands" className={classes.trail}>
        <ol>
          {trail.map((step, index) => (
            <li key={`${index} ${step.label}`}>
              {step.href ? <Link to={step.href}>{step.label}</Link> : <span aria-current="page">{step.label}</span>}
            </li>
          ))}
        </ol>
      </nav>
      <button type="button" className={classes.search} onClick={onSearch}>
        <Search size={16} aria-hidden="true" />
        <span className={classes.words}>Search or run</span>
        <span className={classes.keys}>
          <Kbd keys="mod+k" />
        </span>
      </button>
    </header>
  )
}
