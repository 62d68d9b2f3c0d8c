import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useEffect, useMemo, useRef, useState } from 'react'
import { datasetsQuery } from '../../api/datasets'
import { meQuery } from '../../api/session'
import type { Dataset } from '../../api/types'
import { Button } from '../../components/Button'
import { shortType } from '../../components/columnKind'
import { Skeleton, SkeletonBlock } from '../../components/Skeleton'
import { useKeys } from '../../shell/keys'
import { useTrail } from '../../shell/trail'
import type { Schema } from './codemirror'
import type { EditorHandle } from './Editor'
import { faultPlace } from './faultPlace'
import { HistoryDialog } from './HistoryDialog'
import { Outcome } from './Outcome'
import { Parameters } from './Parameters'
import { paramsFor, placeholdersIn } from './params'
import { sqlRoute } from './place'
import { QueryTabs } from './QueryTabs'
import { RunButton } from './RunButton'
import { cancel, run, useRun } from './runs'
import { Tables } from './Tables'
import { changeTab, openTab, type QueryTab, useTabs } from './tabs'
import { cameByItself } from './trust'
import classes from './SqlPage.module.css'

const Editor = lazy(() => import('./Editor'))

/** SQL over all datasets: written, run, and shown as rows and as a chart. */
export function SqlPage() {
  const me = useQuery(meQuery).data
  return me ? <Ready reader={me.name} /> : <SkeletonBlock height={400} />
}

function Ready({ reader }: { reader: string }) {
  const search = sqlRoute.useSearch()
  const navigate = sqlRoute.useNavigate()
  const tabs = useTabs(reader)
  const tab = tabs.find((one) => one.id === search.tab) ?? (search.sql === undefined ? tabs.at(-1) : undefined)
  useEffect(() => {
    if (search.sql === undefined && tab) {
      if (search.tab !== tab.id) void navigate({ search: { ...search, tab: tab.id }, replace: true })
      return
    }
    const opened = openTab(search.sql ?? '')
    if (search.run && search.sql && cameByItself(search.sql)) void run(opened.id, { sql: search.sql, from: 0 })
    void navigate({ search: { tab: opened.id, chart: search.chart }, replace: true })
  }, [search, tab, navigate])
  useTrail([{ label: 'SQL' }, ...(tab ? [{ label: tab.name }] : [])])
  return (
    <div className={classes.page}>
      <h1 className="visually-hidden">SQL</h1>
      {tab && <Query key={tab.id} tab={tab} tabs={tabs} />}
    </div>
  )
}

function Query({ tab, tabs }: { tab: QueryTab; tabs: readonly QueryTab[] }) {
  const handle = useRef<EditorHandle>(null)
  const navigate = sqlRoute.useNavigate()
  const [history, setHistory] = useState(false)
  const datasets = useQuery(datasetsQuery)
  const schema = useMemo(() => schemaOf(datasets.data ?? []), [datasets.data])
  const last = useRun(tab.id)
  const placeholders = useMemo(() => placeholdersIn(tab.sql), [tab.sql])
  const fault = useMemo(() => {
    const place = last?.state === 'failed' ? faultPlace(last.sql, last.problem) : undefined
    return place && last && { from: place.from + last.from, to: place.to + last.from }
  }, [last])
  function ask() {
    const asked = handle.current?.asked() ?? { sql: tab.sql, from: 0 }
    if (asked.sql.trim() !== '') void run(tab.id, { ...asked, params: paramsFor(asked.sql, tab.typed ?? {}) })
  }
  const running = last?.state === 'running'
  useKeys([
    { keys: 'mod+enter', label: 'Run the selection, or all', run: ask },
    ...(running ? [{ keys: 'escape', label: 'Cancel the query', run: () => cancel(tab.id) }] : []),
  ])
  return (
    <>
      <div className={classes.bar}>
        <QueryTabs tabs={tabs} selected={tab.id} />
        <Button kind="quiet" onClick={() => setHistory(true)}>
          History
        </Button>
        <RunButton run={last} onRun={ask} onCancel={() => cancel(tab.id)} />
      </div>
      <div className={classes.writing}>
        <Tables datasets={datasets} onInsert={(text) => handle.current?.insert(text)} />
        <Suspense
          fallback={
            <div className={classes.editor}>
              <Skeleton width={40} />
            </div>
          }
        >
          <Editor
            text={tab.sql}
            onChange={(sql) => changeTab(tab.id, { sql })}
            onRun={ask}
            schema={schema}
            fault={fault}
            handle={handle}
          />
        </Suspense>
      </div>
      <Parameters
        names={placeholders}
        typed={tab.typed ?? {}}
        onChange={(typed) => changeTab(tab.id, { typed })}
        onRun={ask}
      />
      <HistoryDialog
        open={history}
        onClose={() => setHistory(false)}
        onChoose={(sql) => {
          setHistory(false)
          void navigate({ search: { tab: openTab(sql).id } })
        }}
      />
      <Outcome run={last} onAgain={ask} name={tab.name} />
    </>
  )
}

function schemaOf(datasets: readonly Dataset[]): Schema {
  return Object.fromEntries(
    datasets.map((one) => [
      one.name,
      one.columns.map((column) => ({ label: column.name, detail: shortType(column.type), type: 'property' })),
    ]),
  )
}
