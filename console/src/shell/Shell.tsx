import { Outlet, useNavigate } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { useQuery } from '@tanstack/react-query'
import { covers, meQuery } from '../api/session'
import { CommandPalette } from './CommandPalette'
import { Drawer } from './Drawer'
import { useReturningFocus } from './focus'
import { KeyHelp } from './KeyHelp'
import { type Key, listen, useKeys } from './keys'
import { places } from './places'
import { Sidebar } from './Sidebar'
import { TopBar } from './TopBar'
import classes from './Shell.module.css'

/** What stands around every page: there at once, before anything is known. */
export function Shell() {
  const [over, lay] = useState<'palette' | 'keys' | 'drawer' | null>(null)
  const role = useQuery(meQuery).data?.role ?? 'viewer'
  const navigate = useNavigate()
  const go = (href: string) => void navigate({ to: href })
  const visible = places.filter((place) => covers(role, place.role ?? 'viewer'))
  useEffect(listen, [])
  useReturningFocus()
  useKeys(
    [
      { keys: 'mod+k', label: 'Search or run', run: () => lay(over === 'palette' ? null : 'palette') },
      { keys: '?', label: 'Keys of this page', run: () => lay('keys') },
      ...visible.map((place): Key => ({ keys: `g ${place.letter}`, label: `Go to ${place.name}`, run: () => go(place.href) })),
      ...visible
        .flatMap((place) => place.commands ?? [])
        .filter((command) => command.keys && covers(role, command.role ?? 'viewer'))
        .map((command): Key => ({ keys: command.keys ?? '', label: command.label, run: () => command.run(go) })),
    ],
    'everywhere',
  )
  return (
    <div className={classes.shell}>
      <a className={classes.skip} href="#content">
        Skip to content
      </a>
      <aside className={classes.side}>
        <Sidebar places={visible} onKeys={() => lay('keys')} />
      </aside>
      <div className={classes.rest}>
        <TopBar onMenu={() => lay('drawer')} onSearch={() => lay('palette')} />
        <main id="content" tabIndex={-1}>
          <Outlet />
        </main>
      </div>
      <Drawer open={over === 'drawer'} onClose={() => lay(null)}>
        <Sidebar places={visible} onKeys={() => lay('keys')} onGone={() => lay(null)} />
      </Drawer>
      <CommandPalette open={over === 'palette'} onClose={() => lay(null)} places={visible} role={role} />
      <KeyHelp open={over === 'keys'} onClose={() => lay(null)} />
    </div>
  )
}
