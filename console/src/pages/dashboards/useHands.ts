import { type KeyboardEvent, type PointerEvent, useRef, useState } from 'react'
import { COLUMNS, GAP, moved, resized, ROW } from './grid'
import type { Arrangement, useArrangement } from './useArrangement'

type Act = typeof moved

interface Grip {
  at: number
  act: Act
  x: number
  y: number
  from: Arrangement
}

const ARROWS: Readonly<Record<string, readonly [columns: number, rows: number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
}

/** Moving and resizing tiles: what the grid, a tile and its corner listen to, and what is told of it. */
export function useHands({ now, change, preview }: ReturnType<typeof useArrangement>) {
  const grid = useRef<HTMLDivElement>(null)
  const grip = useRef<Grip>(undefined)
  const [held, hold] = useState<number>()
  const [said, say] = useState('')

  function take(event: PointerEvent<HTMLElement>, at: number, act: Act) {
    if (event.button !== 0) return
    event.currentTarget.setPointerCapture(event.pointerId)
    event.stopPropagation()
    grip.current = { at, act, x: event.clientX, y: event.clientY, from: now }
    hold(at)
  }
  function drag(event: PointerEvent<HTMLElement>) {
    const { current } = grip
    const width = grid.current?.clientWidth
    if (!current || !width) return
    const columns = Math.round((event.clientX - current.x) / ((width + GAP) / COLUMNS))
    const rows = Math.round((event.clientY - current.y) / (ROW + GAP))
    preview({ ...current.from, tiles: current.act(current.from.tiles, current.at, columns, rows) })
  }
  function letGo() {
    const { current } = grip
    grip.current = undefined
    hold(undefined)
    if (!current || JSON.stringify(current.from.tiles) === JSON.stringify(now.tiles)) return
    preview(current.from)
    change(now)
  }
  function press(event: KeyboardEvent<HTMLElement>, at: number) {
    const arrow = ARROWS[event.key]
    if (!arrow || event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    const tiles = (event.shiftKey ? resized : moved)(now.tiles, at, ...arrow)
    change({ ...now, tiles })
    const tile = tiles[at]
    if (tile) say(`Column ${tile.column + 1}, row ${tile.row + 1}, ${tile.width} wide, ${tile.height} high`)
  }
  const follow = { onPointerMove: drag, onPointerUp: letGo, onPointerCancel: letGo }
  return {
    grid,
    held,
    said,
    tile: (at: number) => ({
      ...follow,
      onPointerDown: (event: PointerEvent<HTMLElement>) => isOnTitle(event) && take(event, at, moved),
      onKeyDown: (event: KeyboardEvent<HTMLElement>) => press(event, at),
    }),
    corner: (at: number) => ({
      ...follow,
      onPointerDown: (event: PointerEvent<HTMLElement>) => take(event, at, resized),
    }),
  }
}

function isOnTitle(event: PointerEvent<HTMLElement>): boolean {
  return event.target instanceof Element && event.target.closest('header') !== null
}
