import { Link } from '@tanstack/react-router'
import { Ellipsis, Plus, X } from 'lucide-react'
import { useState } from 'react'
import { Button } from '../../components/Button'
import { Menu, MenuItem, MenuLine } from '../../components/Menu'
import { toast } from '../../components/Toasts'
import { sqlRoute } from './place'
import { cancel, useRun } from './runs'
import { changeTab, closeTab, openTab, type QueryTab } from './tabs'
import classes from './SqlPage.module.css'

/** The queries that are open; the one that is seen can be renamed, copied and closed. */
export function QueryTabs({ tabs, selected }: { tabs: readonly QueryTab[]; selected: string }) {
  const navigate = sqlRoute.useNavigate()
  const [renaming, rename] = useState(false)
  const current = tabs.find((one) => one.id === selected)
  const go = (tab: string | undefined) => void navigate({ search: { tab } })
  function close(tab: QueryTab) {
    const at = tabs.findIndex((one) => one.id === tab.id)
    cancel(tab.id)
    const back = closeTab(tab.id)
    if (tab.id === selected) go((tabs[at + 1] ?? tabs[at - 1])?.id)
    if (tab.sql.trim() !== '') {
      const undo = () => {
        back()
        go(tab.id)
      }
      toast(`${tab.name} was closed`, { action: { label: 'Undo', run: undo } })
    }
  }
  return (
    <nav className={classes.tabs} aria-label="Queries">
      <ul>
        {tabs.map((tab) => (
          <li key={tab.id} className={tab.id === selected ? classes.selected : ''}>
            {renaming && tab.id === selected ? (
              <input
                aria-label="Name of the query"
                defaultValue={tab.name}
                autoFocus
                maxLength={80}
                onFocus={(event) => event.target.select()}
                onBlur={(event) => {
                  changeTab(tab.id, { name: event.target.value.trim() || tab.name })
                  rename(false)
                }}
                onKeyDown={(event) => {
                  if (event.key === 'Enter') event.currentTarget.blur()
                  if (event.key === 'Escape') rename(false)
                }}
              />
            ) : (
              <TabLink tab={tab} selected={tab.id === selected} onRename={() => rename(true)} />
            )}
            <button type="button" aria-label={`Close ${tab.name}`} onClick={() => close(tab)}>
              <X size={12} aria-hidden="true" />
            </button>
          </li>
        ))}
      </ul>
      <Button kind="quiet" icon={Plus} aria-label="New query" onClick={() => go(openTab('').id)} />
      {current && (
        <Menu align="start" trigger={<Button kind="quiet" icon={Ellipsis} aria-label={`More for ${current.name}`} />}>
          <MenuItem onSelect={() => setTimeout(() => rename(true))}>Rename</MenuItem>
          <MenuItem onSelect={() => go(openTab(`${current.sql} `).id)}>Duplicate</MenuItem>
          <MenuItem onSelect={() => void copyLink(current.sql)}>Copy link</MenuItem>
          <MenuLine />
          <MenuItem onSelect={() => close(current)}>Close</MenuItem>
        </Menu>
      )}
    </nav>
  )
}

function TabLink({ tab, selected, onRename }: { tab: QueryTab; selected: boolean; onRename: () => void }) {
  const running = useRun(tab.id)?.state === 'running'
  return (
    <Link
      to="/sql"
      search={{ tab: tab.id }}
      aria-current={selected ? 'page' : undefined}
      onDoubleClick={onRename}
    >
      {tab.name}
      {running && <span className={classes.dot} role="img" aria-label="running" />}
    </Link>
  )
}

async function copyLink(sql: string): Promise<void> {
  const link = `${window.location.origin}/sql?${new URLSearchParams({ sql }).toString()}`
  try {
    await navigator.clipboard.writeText(link)
    toast('The link was copied: it opens this query')
  } catch {
    toast(`The browser keeps the clipboard closed; the link is ${link}`, { bad: true })
  }
}
