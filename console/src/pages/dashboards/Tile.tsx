import type { ComponentPropsWithRef, CSSProperties, ReactNode } from 'react'
import { Markdown } from '../../components/Markdown'
import classes from './Dashboards.module.css'
import { heightOf, type Placed } from './grid'

// What the caption, the line under the chart and the paddings take.
const AROUND = 88

/** The grid of twelve; narrow, the tiles stand below each other. */
export function Grid({ children, ...rest }: ComponentPropsWithRef<'div'>) {
  return (
    <div {...rest} className={classes.grid}>
      {children}
    </div>
  )
}

interface TileProps extends Omit<ComponentPropsWithRef<'section'>, 'title' | 'children'> {
  tile: Placed
  title: ReactNode
  /** At the right of the title. */
  aside?: ReactNode
  /** Its chart isn't there. */
  missing?: boolean
  children: (height: number) => ReactNode
}

/** A place on the grid; its content is given the height that is left for a chart, in pixels. */
export function Tile({ tile, title, aside, missing = false, children, ...rest }: TileProps) {
  return (
    <section {...rest} className={classes.tile} style={placeOf(tile)}>
      <header className={classes.caption}>
        <h2>{title}</h2>
        {aside}
      </header>
      <div className={classes.body}>
        {missing ? (
          <div className={classes.fault} role="alert">
            <strong>Can’t be drawn</strong>
            <p>There is no chart {tile.chart}.</p>
          </div>
        ) : (
          children(Math.max(heightOf(tile) - AROUND, 40))
        )}
      </div>
    </section>
  )
}

/** A text in its place, as tall as it is where tiles stand below each other. */
export function TextTile({ tile, text }: { tile: Placed; text: string }) {
  return (
    <section className={`${classes.tile} ${classes.text}`} style={placeOf(tile)}>
      <Markdown text={text} />
    </section>
  )
}

function placeOf(tile: Placed): CSSProperties {
  return {
    '--column': tile.column + 1,
    '--row': tile.row + 1,
    '--width': tile.width,
    '--height': tile.height,
    '--tall': `${heightOf(tile)}px`,
  } as CSSProperties
}
