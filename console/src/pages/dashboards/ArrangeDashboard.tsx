import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Pencil, Undo2, X } from 'lucide-react'
import { useState } from 'react'
import type { Tagged } from '../../api/charts'
import { dashboardHref, saveDashboard } from '../../api/dashboards'
import { asProblem } from '../../api/problem'
import type { Chart, Dashboard } from '../../api/types'
import { Button, LinkButton } from '../../components/Button'
import { ConflictNotice } from '../../components/ConflictNotice'
import { Markdown } from '../../components/Markdown'
import { Page } from '../../components/Page'
import { ProblemNotice } from '../../components/ProblemNotice'
import { Unsaved } from '../../components/Unsaved'
import { toast } from '../../components/Toasts'
import { useKeys } from '../../shell/keys'
import type { Step } from '../../shell/trail'
import { ArrangeBar } from './ArrangeBar'
import classes from './Dashboards.module.css'
import { added, placed, type Placed } from './grid'
import { Grid, Tile } from './Tile'
import { TileBody } from './TileBody'
import { type Arrangement, useArrangement } from './useArrangement'
import { useHands } from './useHands'
import { WriteText } from './WriteText'

const CHANGED = 412
const NEW = -1

interface ArrangeDashboardProps {
  tagged: Tagged<Dashboard>
  charts: readonly Chart[]
  above: readonly Step[]
}

/** Arranges a dashboard by pointer or by keys; saved only over the state that was read, unless one says otherwise. */
export function ArrangeDashboard({ tagged, charts, above }: ArrangeDashboardProps) {
  const navigate = useNavigate()
  // What was read when the arranging began: a later read must not change under the hands.
  const [{ saved, etag }] = useState(tagged)
  const arrangement = useArrangement(asRead(saved))
  const { now, change, mayUndo, undo } = arrangement
  const hands = useHands(arrangement)
  const href = dashboardHref(saved.name)
  const save = useMutation({
    mutationFn: (over: string | null) => saveDashboard(saved.name, { title: now.title, tiles: [...now.tiles] }, over),
    onSuccess: async () => {
      toast(`${now.title || saved.name} is saved`, { action: { label: 'Undo', run: () => void bringBack() } })
      await navigate({ to: href, ignoreBlocker: true })
    },
  })
  async function bringBack() {
    try {
      await saveDashboard(saved.name, { title: saved.title, tiles: saved.tiles }, null)
    } catch (error) {
      toast(`The change stays: ${asProblem(error).detail}`, { bad: true })
    }
  }
  useKeys([
    { keys: 'mod+enter', label: 'Save', run: () => save.mutate(etag) },
    { keys: 'mod+z', label: 'Undo', run: undo },
    { keys: 'escape', label: 'Leave without saving', run: () => void navigate({ to: href }) },
  ])
  const [writing, write] = useState<number>()
  function put(at: number, text: string) {
    const tiles = at === NEW ? added(now.tiles, { text }) : now.tiles.map((tile, index) => (index === at ? { ...tile, text } : tile))
    change({ ...now, tiles })
  }
  const takeOff = (at: number) => change({ ...now, tiles: now.tiles.filter((_, index) => index !== at) })
  return (
    <Page
      title={saved.title || saved.name}
      about="Drag a tile by its title, or its corner. With keys: arrows move it, Shift and arrows resize it."
      above={above}
      actions={
        <>
          <Button icon={Undo2} keys="mod+z" disabled={!mayUndo} onClick={undo}>
            Undo
          </Button>
          <LinkButton href={href}>Cancel</LinkButton>
          <Button kind="primary" keys="mod+enter" busy={save.isPending} onClick={() => save.mutate(etag)}>
            Save
          </Button>
        </>
      }
    >
      {save.isError &&
        (asProblem(save.error).status === CHANGED ? (
          <ConflictNotice href={href} onSaveAnyway={() => save.mutate(null)} />
        ) : (
          <ProblemNotice error={save.error} />
        ))}
      <Unsaved when={JSON.stringify(now) !== JSON.stringify(asRead(saved))} />
      <ArrangeBar
        title={now.title}
        charts={charts}
        onTitle={(title) => change({ ...now, title })}
        onAdd={(chart) => change({ ...now, tiles: added(now.tiles, { chart }) })}
        onWrite={() => write(NEW)}
      />
      {writing !== undefined && (
        <WriteText text={now.tiles[writing]?.text ?? ''} onText={(text) => put(writing, text)} onClose={() => write(undefined)} />
      )}
      <p role="status" className="visually-hidden">
        {hands.said}
      </p>
      <div className={classes.arranging}>
        <Grid ref={hands.grid}>
          {now.tiles.map((tile, at) => {
            const chart = charts.find((one) => one.name === tile.chart)
            const title = tile.text === null ? chart?.title || tile.chart || '' : `Text ${at + 1}`
            return (
              <Tile
                key={`${at} ${tile.chart ?? 'text'}`}
                tile={tile}
                title={title}
                missing={tile.text === null && !chart}
                tabIndex={0}
                role="group"
                aria-label={`${title}: ${placeOf(tile)}`}
                data-held={hands.held === at || undefined}
                {...hands.tile(at)}
                aside={
                  <span className={classes.acts} onPointerDown={(event) => event.stopPropagation()}>
                    {tile.text !== null && (
                      <Button kind="quiet" icon={Pencil} aria-label={`Change ${title}`} onClick={() => write(at)} />
                    )}
                    <Button kind="quiet" icon={X} aria-label={`Take ${title} off`} onClick={() => takeOff(at)} />
                  </span>
                }
              >
                {(height) => (
                  <>
                    {tile.text !== null && <Markdown text={tile.text} />}
                    {chart && <TileBody chart={chart} height={height} where={[]} />}
                    <span className={classes.corner} {...hands.corner(at)} aria-hidden="true" />
                  </>
                )}
              </Tile>
            )
          })}
        </Grid>
      </div>
    </Page>
  )
}

function asRead({ title, tiles }: Dashboard): Arrangement {
  return { title, tiles: tiles.map(placed) }
}

function placeOf({ column, row, width, height }: Placed): string {
  return `column ${column + 1}, row ${row + 1}, ${width} wide, ${height} high`
}
