import { useQuery } from '@tanstack/react-query'
import { Page } from '../../components/Page'
import { Skeleton, SkeletonBlock } from '../../components/Skeleton'
import { Tabs, type Tab } from '../../components/Tabs'
import { meQuery } from '../../api/session'
import type { Identity } from '../../api/types'
import { AuditTab } from './AuditTab'
import { KeysTab } from './KeysTab'
import { useLink } from './link'
import { NOTHING, type TabName } from './search'
import { SessionsTab } from './SessionsTab'
import { UsersTab } from './UsersTab'

/** Who may do what, with which keys, from where, and what they did. Only an administrator sees others. */
export function AccessPage() {
  const me = useQuery(meQuery).data
  const about = me?.role === 'admin' ? 'Who may do what, and what they did.' : 'Your keys and where you are signed in.'
  return (
    <Page title="Access" about={me ? about : <Skeleton width={28} />}>
      {me ? <Views me={me} /> : <SkeletonBlock height={240} />}
    </Page>
  )
}

function Views({ me }: { me: Identity }) {
  const { search, go } = useLink()
  const tabs = tabsFor(me)
  const selected = tabs.find((one) => one.name === search.tab) ?? tabs[0]
  return (
    <Tabs
      label="Access"
      tabs={tabs}
      selected={selected?.name ?? 'keys'}
      onSelect={(name) => go({ ...NOTHING, tab: name })}
    />
  )
}

function tabsFor(me: Identity): Tab<TabName>[] {
  const own: Tab<TabName>[] = [
    { name: 'keys', label: 'API keys', content: <KeysTab me={me} /> },
    { name: 'sessions', label: 'Your sign-ins', content: <SessionsTab me={me} /> },
  ]
  if (me.role !== 'admin') return own
  return [
    { name: 'users', label: 'Users', content: <UsersTab me={me} /> },
    ...own,
    { name: 'audit', label: 'Audit trail', content: <AuditTab /> },
  ]
}
